//! What holds for the table of every product: settings can be read, defaults are right and cited.
use keepalive::profile::config::check;
use keepalive::profile::{Chosen, Config, MakeRule, PRODUCTS, Product, product};
use std::collections::BTreeSet;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn each_version(mut look: impl FnMut(&'static Product, &'static str, &Config)) {
    for product in PRODUCTS {
        for version in product.versions {
            let chosen = Chosen::new(product.id, version.id);
            look(product, version.id, &Config::parse(&chosen).expect("every version is known"));
        }
    }
}

#[test_everywhere(unsupported = test)]
fn every_version_makes_a_rule_from_its_defaults() {
    each_version(|product, version, config| {
        let error = match product.rule {
            MakeRule::Server(make) => make(config).err(),
            MakeRule::Client(make) => make(config).err(),
        };
        assert_eq!(error, None, "{} {version}", product.id);
    });
}

#[test_everywhere(unsupported = test)]
fn every_default_is_a_value_that_its_setting_accepts_and_has_a_source() {
    each_version(|product, version, config| {
        let of_version = |known: &[&str]| known.is_empty() || known.contains(&version);
        for setting in product.settings.iter().filter(|setting| of_version(setting.versions)) {
            let at = format!("{} {version} {}", product.id, setting.name);
            let cited = config.default_of(setting);
            assert_eq!(check(setting, cited.value), Ok(()), "{at}");
            assert!(cited.source.url.starts_with("http"), "{at}");
            assert!(!cited.source.gist.is_empty(), "{at}");
        }
    });
}

#[test_everywhere(unsupported = test)]
fn names_are_unique_and_told_in_one_sentence() {
    let mut ids = BTreeSet::new();
    for product in PRODUCTS {
        assert!(ids.insert(product.id), "{} stands twice", product.id);
        let mut names = BTreeSet::new();
        for setting in product.settings {
            let at = format!("{} {}", product.id, setting.name);
            assert!(names.insert(setting.name), "{at} stands twice");
            assert!(setting.gist.ends_with('.'), "{at}: {}", setting.gist);
            assert!(setting.gist.chars().count() <= 90, "{at}: {}", setting.gist);
        }
    }
}

#[test_everywhere(unsupported = test)]
fn the_newest_version_is_taken_where_none_is_named() {
    for product in PRODUCTS {
        let config = Config::parse(&Chosen::new(product.id, "")).expect("a known product");
        assert_eq!(Some(config.version_id()), product.versions.last().map(|version| version.id));
    }
}

#[test_everywhere(unsupported = test)]
fn a_version_as_a_program_or_a_packager_writes_it_finds_its_entry() {
    let check = |product: &str, text: &str, id: &str| {
        let config = Config::parse(&Chosen::new(product, text));
        let found = config.as_ref().map(Config::version_id);
        assert_eq!(found, Ok(id), "{product} {text}");
    };
    check("apache-httpd", "2.4.71", "2.4");
    check("apache-httpd", "2.4.71-1~deb12u1", "2.4");
    check("nginx", "1.22.1-9+deb12u11", "1.22");
    check("node", "v20.20.2", "20.19");
    check("node", "20", "20.19");
    check("java-httpserver", "17.0.15+6", "17");
    check("lighttpd", "1.4", "1.4.65");
    check("haproxy", "2.6.12", "2.6");
}

#[test_everywhere(unsupported = test)]
fn wrong_choices_say_where() {
    let at = |product: &str, version: &str, settings: &[(&str, &str)]| {
        let chosen = settings
            .iter()
            .fold(Chosen::new(product, version), |chosen, (name, value)| chosen.with(name, value));
        Config::parse(&chosen).err().map(|error| error.at)
    };
    assert_eq!(at("nothing", "", &[]), Some("product".into()));
    assert_eq!(at("textbook", "1789", &[]), Some("version".into()));
    assert_eq!(at("textbook", "", &[("idle", "5")]), Some("idle".into()));
    for (name, value) in
        [("idle timeout", "soon"), ("max requests", "-1"), ("persistence", "perhaps")]
    {
        assert_eq!(at("textbook", "", &[(name, value)]), Some(name.into()));
    }
    assert!(product("textbook").is_some_and(Product::is_server));
    assert!(product("browser").is_some_and(|product| !product.is_server()));
}
