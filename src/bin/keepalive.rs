//! The same core on the command line: JSON Lines in, JSON Lines out.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

// Integration tests for wasm32 build every binary, this one included.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    mod conf;

    use keepalive::contract::{InputError, judge, products, simulate};
    use keepalive::protocol::policy::CHOICES;
    use keepalive::scene::{Mode, Scene, Viewport, svg, words};
    use keepalive::share;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;
    use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
    use std::process::ExitCode;

    const HELP: &str = "\
keepalive: when an HTTP connection stays open, who closes it, and why

usage: keepalive judge      one exchange by the rules of HTTP alone
       keepalive simulate   a scenario against real products' rules
       keepalive products   the products (--json: with versions, settings, defaults and sources)
       keepalive figure     the picture of a scenario or link as SVG (--width PIXELS, --look light|dark)
       keepalive export     settings as the product's own configuration file:
                            export PRODUCT [VERSION] [NAME=VALUE].. [--listen PORT] [--origin PORT] [--json]
       keepalive import     settings out of such a file: import FILE|- [--json]
       keepalive --help | --version

judge and simulate read JSON Lines on standard input and write one line for each, in order, with
the same id. A line that cannot be read gives {\"id\":..,\"error\":{\"kind\":\"input\",\"detail\":\"..\"}};
the rest goes on, and the exit status is 1 at the end. Empty lines are skipped.
";

    pub fn main() -> ExitCode {
        let arguments: Vec<String> = std::env::args_os()
            .skip(1)
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let done = match arguments[..] {
            ["judge"] => answer_lines(judge::judge),
            ["simulate"] => answer_lines(simulate::simulate),
            ["figure", ref rest @ ..] => figure(rest),
            ["export", ref rest @ ..] => conf::export(rest),
            ["import", file] => conf::import(file, false),
            ["import", file, "--json"] | ["import", "--json", file] => conf::import(file, true),
            ["products"] => list_products(),
            ["products", "--json"] => list_products_json(),
            ["--help" | "-h" | "help"] => print(&help()),
            ["--version" | "-V"] => print(&format!("keepalive {}\n", keepalive::VERSION)),
            _ => return usage(&arguments),
        };
        match done {
            Ok(code) => code,
            // Whoever read the output has seen enough: `keepalive products | head -1`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => {
                // Nothing can be done if that fails too.
                let _ = writeln!(io::stderr(), "keepalive: {error}");
                ExitCode::from(2)
            }
        }
    }

    fn usage(arguments: &[&str]) -> ExitCode {
        let problem = match arguments {
            [] => String::new(),
            _ => format!("keepalive: what does \"{}\" mean?\n\n", arguments.join(" ")),
        };
        let _ = write!(io::stderr(), "{problem}{}", help());
        ExitCode::from(2)
    }

    fn help() -> String {
        let mut help = HELP.to_owned();
        help.push_str("\nThe choices of a policy, for judge, with their defaults:\n");
        for choice in CHOICES {
            let (name, default, meaning) = (choice.name, choice.default, choice.meaning);
            help.push_str(&format!("  {name} = {default}\n    {meaning}\n"));
        }
        help
    }

    /// What `figure` is asked for.
    struct Picture {
        link: String,
        width: f64,
        look: svg::Look,
    }

    /// `[SCENARIO | LINK] [--width N] [--look light|dark]`; the argument that is not understood, if any.
    fn picture<'a>(arguments: &[&'a str]) -> Result<Picture, &'a str> {
        let mut picture = Picture { link: String::new(), width: 1214.0, look: svg::Look::Auto };
        let mut arguments = arguments.iter().copied();
        while let Some(argument) = arguments.next() {
            match (argument, argument.starts_with("--")) {
                ("--width", _) => picture.width = pixels(arguments.next()).ok_or(argument)?,
                ("--look", _) => picture.look = look(arguments.next()).ok_or(argument)?,
                (given, false) if picture.link.is_empty() => picture.link = given.into(),
                _ => return Err(argument),
            }
        }
        Ok(picture)
    }

    fn pixels(text: Option<&str>) -> Option<f64> {
        text?.parse().ok().filter(|pixels| (240.0..=4096.0).contains(pixels))
    }

    fn look(word: Option<&str>) -> Option<svg::Look> {
        match word? {
            "light" => Some(svg::Look::Light),
            "dark" => Some(svg::Look::Dark),
            _ => None,
        }
    }

    /// The still picture.
    fn figure(arguments: &[&str]) -> io::Result<ExitCode> {
        let Picture { mut link, width, look } = match picture(arguments) {
            Ok(picture) => picture,
            Err(argument) => {
                let problem = format!(
                    "keepalive: figure takes a scenario or a link, --width 240 to 4096 and --look light or dark, not \"{argument}\"\n"
                );
                io::stderr().write_all(problem.as_bytes())?;
                return Ok(ExitCode::from(2));
            }
        };
        if !link.is_empty() && !link.contains('=') {
            link = format!("v=1&scenario={link}");
        }
        let parsed = share::link::parse(&link);
        for message in &parsed.messages {
            writeln!(io::stderr(), "keepalive: {}", message.text)?;
        }
        let show = parsed.study.show();
        let verdict = words::verdict(&show);
        let scene = Scene::build(&show, &Viewport::new(width, Mode::Page));
        print(&svg::file(&scene, show.at(), &verdict.text, &verdict.why, look))?;
        Ok(if parsed.messages.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(text: &str) -> io::Result<ExitCode> {
        io::stdout().write_all(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    /// One line out for each line in.
    fn answer_lines<Q: DeserializeOwned, A: Serialize>(
        function: fn(Q) -> Result<A, InputError>,
    ) -> io::Result<ExitCode> {
        let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
        let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let mut code = ExitCode::SUCCESS;
        let mut line = Vec::new();
        loop {
            line.clear();
            if input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let (id, answer) = answer(&line, function);
            if answer.is_err() {
                code = ExitCode::FAILURE;
            }
            write_line(&mut output, &id, &answer)?;
            // A reader that asks line by line gets its answer before it asks again.
            if input.buffer().is_empty() {
                output.flush()?;
            }
        }
        output.flush()?;
        Ok(code)
    }

    fn answer<Q: DeserializeOwned, A>(
        line: &[u8],
        function: fn(Q) -> Result<A, InputError>,
    ) -> (Value, Result<A, InputError>) {
        let wrong = |error: serde_json::Error| InputError::new(error.to_string());
        let mut question = match serde_json::from_slice(line) {
            Ok(Value::Object(question)) => question,
            Ok(_) => return (Value::Null, Err(InputError::new("the line is not an object"))),
            Err(error) => return (Value::Null, Err(wrong(error))),
        };
        let id = question.remove("id").unwrap_or(Value::Null);
        let question = serde_json::from_value(Value::Object(question)).map_err(wrong);
        (id, question.and_then(function))
    }

    /// The answer's own keys, behind the id.
    #[derive(Serialize)]
    struct Good<'a, A> {
        id: &'a Value,
        #[serde(flatten)]
        answer: &'a A,
    }

    #[derive(Serialize)]
    struct Bad<'a> {
        id: &'a Value,
        error: &'a InputError,
    }

    fn write_line<A: Serialize>(
        output: &mut impl Write,
        id: &Value,
        answer: &Result<A, InputError>,
    ) -> io::Result<()> {
        match answer {
            Ok(answer) => serde_json::to_writer(&mut *output, &Good { id, answer })?,
            Err(error) => serde_json::to_writer(&mut *output, &Bad { id, error })?,
        }
        output.write_all(b"\n")
    }

    fn list_products() -> io::Result<ExitCode> {
        let mut output = BufWriter::new(io::stdout().lock());
        for product in products::products() {
            let versions: Vec<_> = product.versions.iter().map(|version| version.id).collect();
            writeln!(output, "{}  {} ({})", product.id, product.name, product.role)?;
            writeln!(output, "    versions: {}", versions.join(", "))?;
            for setting in &product.settings {
                let unit = setting.unit.map_or_else(String::new, |unit| format!(" {unit}"));
                writeln!(output, "    {} = {}{unit}", setting.name, setting.default)?;
            }
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }

    fn list_products_json() -> io::Result<ExitCode> {
        let mut output = BufWriter::new(io::stdout().lock());
        serde_json::to_writer_pretty(&mut output, &products::products())?;
        output.write_all(b"\n")?;
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
