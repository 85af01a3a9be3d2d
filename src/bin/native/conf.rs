//! `export` and `import`: the products' own files.
use keepalive::conf::{self, Import, Line, Place};
use keepalive::contract::files::{FileOut, ImportOut};
use keepalive::profile::Chosen;
use std::io::{self, Read, Write};
use std::process::ExitCode;

/// What `export` is asked for.
struct Asked {
    chosen: Chosen,
    place: Place,
    json: bool,
}

pub fn export(arguments: &[&str]) -> io::Result<ExitCode> {
    let asked = match asked(arguments) {
        Ok(asked) => asked,
        Err(problem) => return complain(&problem, 2),
    };
    let files = match conf::export(&asked.chosen, &asked.place) {
        Ok(files) => files,
        Err(error) => return complain(&error.to_string(), 1),
    };
    let mut output = io::stdout().lock();
    if asked.json {
        let files: Vec<_> = files.into_iter().map(FileOut::from).collect();
        serde_json::to_writer_pretty(&mut output, &files)?;
        writeln!(output)?;
        return Ok(ExitCode::SUCCESS);
    }
    for file in &files {
        if files.len() > 1 {
            writeln!(output, "==> {} <==", file.file_name)?;
        }
        output.write_all(file.text.as_bytes())?;
        // Beside the text, which may be on its way into a file.
        let conf::Export { file_name, goes_to, reload, .. } = file;
        writeln!(io::stderr(), "{file_name}\n  belongs to: {goes_to}\n  then: {reload}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `PRODUCT [VERSION] [name=value]... [--listen PORT] [--origin PORT] [--json]`
fn asked(arguments: &[&str]) -> Result<Asked, String> {
    let mut arguments = arguments.iter().copied();
    let product = arguments.next().ok_or("export takes a product: see keepalive products")?;
    let mut asked =
        Asked { chosen: Chosen::new(product, ""), place: Place::default(), json: false };
    let mut first = true;
    while let Some(argument) = arguments.next() {
        match (argument, argument.split_once('=')) {
            ("--json", _) => asked.json = true,
            ("--listen", _) => asked.place.listen_port = port(arguments.next())?,
            ("--origin", _) => asked.place.origin_port = port(arguments.next())?,
            (_, Some((name, value))) => asked.chosen.set(name, value),
            (version, None) if first => asked.chosen.version = version.into(),
            _ => return Err(format!("export takes name=value, not \"{argument}\"")),
        }
        first = false;
    }
    Ok(asked)
}

fn port(text: Option<&str>) -> Result<u16, String> {
    let port = text.and_then(|text| text.parse().ok()).filter(|port| *port > 0);
    port.ok_or_else(|| "a port is a number from 1 to 65535".into())
}

fn complain(problem: &str, code: u8) -> io::Result<ExitCode> {
    writeln!(io::stderr(), "keepalive: {problem}")?;
    Ok(ExitCode::from(code))
}

/// `FILE` or `-` for standard input. Exit status 1 if nothing is understood.
pub fn import(name: &str, json: bool) -> io::Result<ExitCode> {
    let mut bytes = Vec::new();
    let read = match name {
        "-" => io::stdin().lock().read_to_end(&mut bytes),
        _ => std::fs::File::open(name).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    if let Err(error) = read {
        return complain(&format!("{name}: {error}"), 2);
    }
    let import = conf::import(&decode(&bytes));
    let is_understood = import.chosen.is_some();
    let mut output = io::BufWriter::new(io::stdout().lock());
    if json {
        serde_json::to_writer_pretty(&mut output, &ImportOut::from(import))?;
        writeln!(output)?;
    } else {
        tell(&import, &mut output)?;
    }
    output.flush()?;
    Ok(if is_understood { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The registry's editor of today writes UTF-16.
fn decode(bytes: &[u8]) -> String {
    let units = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn tell(import: &Import, output: &mut impl Write) -> io::Result<()> {
    match &import.chosen {
        None => writeln!(output, "nothing is understood")?,
        Some(chosen) => {
            writeln!(output, "{}", [&*chosen.product, &*chosen.version].join(" ").trim_end())?;
            for (name, value) in &chosen.settings {
                writeln!(output, "    {name} = {value}")?;
            }
        }
    }
    for (what, lines) in [("understood", &import.understood), ("ignored", &import.ignored)] {
        if !lines.is_empty() {
            writeln!(output, "{what}:")?;
        }
        for Line { number, text, note } in lines {
            // Whatever was pasted shall not move the cursor.
            let text = text.replace(char::is_control, " ");
            writeln!(output, "    {number}: {text}\n        {note}")?;
        }
    }
    Ok(())
}
