//! What `netstat` says while a connection closes, on both sides. The states of a client that does
//! not look were compared with Linux 6 on loopback: FIN_WAIT2 for 60 s beside CLOSE_WAIT without
//! end, and neither of them once a byte has been sent into the closed connection.
use keepalive::profile::Chosen;
use keepalive::sim::{Network, Planned, Scenario, Side, Start, Timeline, Us, run};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const RTT: Us = Us::from_ms(60);

fn play(server: Chosen, client: Chosen, at_ms: &[u64]) -> Timeline {
    let planned = |&at| {
        let mut one = Planned { start: Start::At(Us::from_ms(at)), ..Planned::default() };
        one.request.headers.push("Host", "a");
        one.request.headers.push("Connection", "keep-alive");
        one
    };
    let scenario = Scenario {
        server,
        client,
        network: Network { rtt: RTT, ..Network::PLAIN },
        exchanges: at_ms.iter().map(planned).collect(),
        until: Some(Us::from_secs(900)),
        ..Scenario::default()
    };
    run(&scenario).expect("the scenario is right")
}

/// The states of the first connection at moments in ms: the client's, the server's.
#[track_caller]
fn check(run: &Timeline, table: &[(u64, &str, &str)]) {
    for &(ms, client, server) in table {
        let [left, right] = [Side::Client, Side::Server].map(|side| {
            let sockets = run.sockets(side, Us::from_ms(ms), RTT);
            let first = sockets.iter().find(|socket| socket.connection == 1);
            first.map_or("", |socket| socket.state.as_str())
        });
        assert_eq!((left, right), (client, server), "{ms} ms");
    }
}

fn textbook(idle_timeout: &str) -> Chosen {
    Chosen::new("textbook", "").with("idle timeout", idle_timeout)
}

fn blind() -> Chosen {
    Chosen::new("textbook-client", "").with("checks before reuse", "no")
}

#[test_everywhere(unsupported = test)]
fn a_client_that_does_not_look_sits_in_close_wait() {
    // The answer leaves at 90 ms, the FIN at 2090 ms; the client drops the connection at 90 120 ms.
    let run = play(textbook("2"), blind(), &[0]);
    let table = [
        (2_080, "ESTABLISHED", "ESTABLISHED"),
        (2_100, "ESTABLISHED", "FIN_WAIT1"),
        (2_130, "CLOSE_WAIT", "FIN_WAIT1"),
        (2_160, "CLOSE_WAIT", "FIN_WAIT2"),
        (62_100, "CLOSE_WAIT", "FIN_WAIT2"),
        (62_200, "CLOSE_WAIT", ""),
        (90_100, "CLOSE_WAIT", ""),
        (90_150, "LAST_ACK", ""),
        (90_200, "", ""),
    ];
    check(&run, &table);
}

#[test_everywhere(unsupported = test)]
fn a_client_that_closes_in_time_lets_the_server_wait_on() {
    let run = play(textbook("2"), blind().with("idle timeout", "30"), &[0]);
    let table = [
        (30_100, "CLOSE_WAIT", "FIN_WAIT2"),
        (30_130, "LAST_ACK", "FIN_WAIT2"),
        (30_170, "LAST_ACK", "TIME_WAIT"),
        (30_190, "", "TIME_WAIT"),
        (90_100, "", "TIME_WAIT"),
        (90_200, "", ""),
    ];
    check(&run, &table);
}

#[test_everywhere(unsupported = test)]
fn what_is_sent_into_a_closed_connection_ends_it_on_both_sides() {
    let table = [
        (9_990, "CLOSE_WAIT", "FIN_WAIT2"),
        (10_010, "LAST_ACK", "FIN_WAIT2"),
        (10_040, "LAST_ACK", ""),
        (10_070, "", ""),
    ];
    check(&play(textbook("2"), blind(), &[0, 10_000]), &table);
    let python = Chosen::new("python-http-client", "");
    check(&play(textbook("2"), python, &[0, 10_000]), &table);
}

#[test_everywhere(unsupported = test)]
fn a_client_that_looks_is_never_in_close_wait() {
    let table = [
        (2_100, "ESTABLISHED", "FIN_WAIT1"),
        (2_130, "LAST_ACK", "FIN_WAIT1"),
        (2_160, "LAST_ACK", "TIME_WAIT"),
        (2_190, "", "TIME_WAIT"),
        (62_140, "", "TIME_WAIT"),
        (62_160, "", ""),
    ];
    check(&play(textbook("2"), Chosen::new("textbook-client", ""), &[0]), &table);
}

#[test_everywhere(unsupported = test)]
fn the_port_stays_with_whoever_closes_first_as_long_as_its_system_says() {
    // Windows NT keeps it for 240 s. The answer leaves at 90 ms, the FIN ten seconds later.
    let iis = Chosen::new("iis", "1.0").with("ConnectionTimeOut", "10");
    let patient = Chosen::new("textbook-client", "").with("idle timeout", "0");
    let table = [(10_160, "LAST_ACK", "TIME_WAIT"), (250_140, "", "TIME_WAIT"), (250_160, "", "")];
    check(&play(iis, patient.clone(), &[0]), &table);
    let shorter = Chosen::new("iis", "1.0").with("ConnectionTimeOut", "10");
    let shorter = shorter.with("TcpTimedWaitDelay", "30");
    check(&play(shorter, patient, &[0]), &[(40_140, "", "TIME_WAIT"), (40_160, "", "")]);
    // The client's system is Linux: 60 s. Its last byte came at 120 ms.
    let table = [
        (5_130, "FIN_WAIT1", "ESTABLISHED"),
        (5_160, "FIN_WAIT1", "LAST_ACK"),
        (5_190, "TIME_WAIT", "LAST_ACK"),
        (65_170, "TIME_WAIT", ""),
        (65_190, "", ""),
    ];
    let quick = Chosen::new("textbook-client", "").with("idle timeout", "5");
    check(&play(textbook("0"), quick, &[0]), &table);
}
