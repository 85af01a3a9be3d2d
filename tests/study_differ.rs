//! One request to every server product: the table says what the runs say, and marks who differs.
use keepalive::profile::PRODUCTS;
use keepalive::sim::run;
use keepalive::study::differ::{ASKS, Ask, Row, rows};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn ask(id: &str) -> Vec<Row> {
    rows(&Ask::find(id).expect(id).planned())
}

#[track_caller]
fn check(id: &str, product: &str, cells: [&str; 4]) {
    let rows = ask(id);
    let row = rows.iter().find(|row| row.product.id == product).expect(product);
    assert_eq!(
        row.cells,
        cells.map(|cell| cell.replace(' ', "\u{a0}").replace(",\u{a0}", ", ")),
        "{id}: {product}"
    );
}

#[test_everywhere(unsupported = test)]
fn cells_say_what_the_products_do() {
    check("http10", "apache-httpd", ["closed", "close", "", ""]);
    check("http10-keep-alive", "apache-httpd", ["kept", "Keep-Alive", "timeout=5, max=100", "5 s"]);
    check("http10-keep-alive", "nginx", ["kept", "keep-alive", "", "75 s"]);
    check("http11", "textbook", ["kept", "", "", "15 s"]);
    check("http11-close", "nginx", ["closed", "close", "", ""]);
    check("http11", "iis", ["kept", "", "", "2 min"]);
    check("application-close", "apache-httpd", ["closed", "close", "", ""]);
}

#[test_everywhere(unsupported = test)]
fn every_server_has_a_row_for_every_request() {
    let servers = PRODUCTS.iter().filter(|product| product.is_server()).count();
    for one in ASKS {
        let rows = ask(one.id);
        assert_eq!(rows.len(), servers, "{}", one.id);
        for row in rows {
            let answer =
                run(&row.scenario).expect("the scenario is sound").exchanges[0].answer.clone();
            let kept = answer.is_some_and(|answer| answer.persists());
            assert_eq!(row.cells[0].starts_with("kept"), kept, "{}: {}", one.id, row.product.id);
            assert!(row.why.is_some(), "{}: {} gives no reason", one.id, row.product.id);
        }
    }
}

#[test_everywhere(unsupported = test)]
fn requests_are_told_apart() {
    for (index, one) in ASKS.iter().enumerate() {
        for other in &ASKS[..index] {
            assert_ne!(one.id, other.id);
            assert_ne!(one.title, other.title);
            assert_ne!(one.planned(), other.planned(), "{} and {}", one.id, other.id);
        }
    }
    assert!(Ask::find("nonsense").is_none());
}

#[test_everywhere(unsupported = test)]
fn who_differs_comes_first() {
    for one in ASKS {
        let rows = ask(one.id);
        let other_verdict: Vec<bool> = rows.iter().map(|row| row.differs[0]).collect();
        assert!(other_verdict.is_sorted_by(|a, b| a >= b), "{}: {other_verdict:?}", one.id);
        for column in 0..4 {
            let odd = rows.iter().filter(|row| row.differs[column]).count();
            assert!(2 * odd < rows.len(), "{}: most cannot differ from most", one.id);
        }
    }
    assert!(ask("http10-keep-alive").iter().any(|row| row.differs != [false; 4]));
}

/// A field of another case is the same field.
#[test_everywhere(unsupported = test)]
fn case_is_no_difference() {
    let rows = ask("http10-keep-alive");
    let spelled = |text: &str| rows.iter().filter(|row| row.cells[1] == *text).count();
    assert!(spelled("Keep-Alive") > 0 && spelled("keep-alive") > 0);
    let odd = rows.iter().filter(|row| row.differs[1]);
    assert!(odd.into_iter().all(|row| !row.cells[1].eq_ignore_ascii_case("keep-alive")));
}
