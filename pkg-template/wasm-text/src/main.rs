//! Writes a wasm module down as text: `wasm-text MODULE.wasm > TEXT`.

use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: wasm-text MODULE.wasm > TEXT");
        return ExitCode::FAILURE;
    };
    let module = match fs::read(&path) {
        Ok(module) => module,
        Err(error) => {
            eprintln!("wasm-text: {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    };
    match wasm_text::pack(&module) {
        Some(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        None => {
            eprintln!(
                "wasm-text: {} is no module that it can restore; does src/code.rs know all its instructions?",
                path.display()
            );
            ExitCode::FAILURE
        }
    }
}
