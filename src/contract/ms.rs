//! Times as numbers of milliseconds.
use super::InputError;
use crate::time::Us;
use serde::{Serialize, Serializer};

/// A time in an answer: a whole number where it is one, a fraction otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ms(pub Us);

impl Serialize for Ms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.0.is_multiple_of(1_000) {
            serializer.serialize_u64(self.0.0 / 1_000)
        } else {
            serializer.serialize_f64(self.0.as_ms())
        }
    }
}

/// Reads a time of a question.
///
/// # Errors
/// If it is negative, not finite, or longer than 31 years.
pub fn read(place: &str, ms: f64) -> Result<Us, InputError> {
    Us::from_ms_f64(ms)
        .ok_or_else(|| InputError::at(place, format_args!("{ms} is no time in milliseconds")))
}
