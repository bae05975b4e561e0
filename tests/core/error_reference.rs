//! `pkg-template/ERRORS.md` is made from the source and has to match it; so do the TypeScript names.
//! `UPDATE=1 cargo test --test error_reference` writes the file anew.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use countersign::ErrorCode;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg-template").join(name)
}

fn reference() -> String {
    let mut text = String::from(
        "# Error reference\n\nEvery `TokenError` has one of these codes; they never change their meaning. `status` is what a \
         resource server answers.\nMade from the source: change it there.\n\n| code | meaning | rule | status | what to do |\n|---|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let spec = if code.spec().is_empty() { "" } else { code.spec() };
        writeln!(text, "| `{code}` | {} | {spec} | {} | {} |", code.meaning(), code.status(), code.remedy()).unwrap();
    }
    text
}

#[test]
fn the_error_reference_matches_the_source() {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path("ERRORS.md"), reference()).unwrap();
    }
    let found = fs::read_to_string(path("ERRORS.md")).unwrap_or_default();
    assert!(found == reference(), "ERRORS.md is out of date: UPDATE=1 cargo test --test error_reference");
}

#[test]
fn typescript_knows_the_same_codes() {
    let source = fs::read_to_string(path("src/error-code.ts")).unwrap();
    let union = source.split_once("export type ErrorCode =").unwrap().1.split_once(';').unwrap().0;
    let theirs: BTreeSet<&str> = union.split('"').skip(1).step_by(2).collect();
    let ours: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(theirs, ours);
}
