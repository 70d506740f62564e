//! Writes a SEN2 return of invented people to a file: `make_return PERSONS FILE [LA_NUMBER]`.

use returns::sen2::{LaNumber, Writer, sample::Sample};
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let persons = given.next().ok_or("say how many persons")?.parse()?;
    let path = given.next().ok_or("say where to write")?;
    let authority: LaNumber = given.next().as_deref().unwrap_or("332").parse()?;
    let sample = Sample::new(1, persons, 2026, authority);
    let mut writer = Writer::new(BufWriter::new(File::create(path)?), &sample.header(), sample.officers())?;
    for person in sample.iter() {
        writer.write_person(&person)?;
    }
    writer.finish()?;
    Ok(())
}
