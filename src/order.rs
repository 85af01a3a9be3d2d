//! Sorting, compiled once. The standard library's sort is compiled anew for every type and key: ten of
//! them were a fifth of the page's download.

/// Sorts by two numbers, the first one foremost. Stable: what has equal keys stays in its order.
pub fn sort<T>(list: &mut [T], key: impl Fn(&T) -> (u64, u64)) {
    let keyed = list.iter().map(key).enumerate();
    let mut order: Vec<Key> = keyed.map(|(index, (first, then))| (first, then, index)).collect();
    sort_keys(&mut order);
    for start in 0..list.len() {
        // Along the ring of those that stand in each other's places. Each is passed once, as it then
        // names itself.
        let mut here = start;
        while let Some(from) =
            order.get_mut(here).map(|entry| std::mem::replace(&mut entry.2, here))
            && from != start
        {
            list.swap(here, from);
            here = from;
        }
    }
}

/// Both keys and where it stands, which makes every key another.
type Key = (u64, u64, usize);

/// By merging: what stands in order already, as lists of events mostly do, is only looked at.
#[inline(never)]
fn sort_keys(keys: &mut [Key]) {
    keys.sort();
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn like_the_standard_library() {
        let mut state = 1_u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for length in [0, 1, 2, 3, 5, 20, 21, 100, 1_000] {
            for below in [1, 3, 50_000] {
                let list: Vec<(u32, u32, usize)> =
                    (0..length).map(|index| (next(below), next(3), index)).collect();
                let (mut ours, mut theirs) = (list.clone(), list);
                sort(&mut ours, |(first, then, _)| (u64::from(*first), u64::from(*then)));
                theirs.sort_by_key(|(first, then, _)| (*first, *then));
                assert_eq!(ours, theirs, "{length} below {below}");
            }
        }
    }
}
