//! Turns the compiled wasm into the one that `build.mjs` optimizes.
//!
//! Usage: `countersign-bindgen <compiled.wasm> <output directory>`

use std::{env, error::Error, process::ExitCode};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("countersign-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(input), Some(output), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: countersign-bindgen <compiled.wasm> <output directory>".into());
    };
    // "bundler" output has no loading code: loading is ours.
    Bindgen::new()
        .input_path(input)
        .out_name("countersign")
        .bundler(true)?
        .typescript(true)
        .remove_name_section(false)
        .remove_producers_section(true)
        .generate(output)?;
    Ok(())
}
