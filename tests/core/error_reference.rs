//! `pkg-template/ERRORS.md` and the head of each page in `docs/errors/` are made from the source and have to match it; so
//! do the TypeScript names. `UPDATE=1 cargo test --test core-tests error_reference` writes them anew.
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
    assert!(found == reference(), "ERRORS.md is out of date: UPDATE=1 cargo test --test core-tests error_reference");
}

fn page(code: ErrorCode) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors").join(format!("{code}.md"))
}

/// What stands above the first heading of the second level.
fn head(code: ErrorCode) -> String {
    let rule = if code.spec().is_empty() { String::new() } else { format!("Rule: {}. ", code.spec()) };
    format!("# `{code}`\n\n{}. {rule}Status: {}.\n\n> {}\n\n", code.meaning(), code.status(), code.remedy())
}

#[test]
fn every_code_has_a_page_that_begins_with_its_row() {
    for &code in ErrorCode::ALL {
        let path = page(code);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let body = text.find("\n## ").map_or("", |at| &text[at + 1..]);
        let wanted = head(code) + body;
        if std::env::var_os("UPDATE").is_some() && text != wanted {
            fs::write(&path, &wanted).unwrap();
        } else {
            assert!(text == wanted, "{code}.md: UPDATE=1 cargo test --test core-tests error_reference");
        }
        for heading in ["## Causes\n", "## Example\n"] {
            assert_eq!(wanted.matches(heading).count(), 1, "{code}.md has no {heading}");
        }
    }
}

#[test]
fn every_page_has_a_code() {
    let pages: BTreeSet<String> = fs::read_dir(page(ErrorCode::Internal).parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let codes: BTreeSet<String> = ErrorCode::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(pages, codes);
}

#[test]
fn help_is_the_page_in_the_npm_package_of_this_version() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let package = manifest.split_once("[package]").unwrap().1;
    let version = package.split_once("version = \"").unwrap().1.split_once('"').unwrap().0;
    for &code in ErrorCode::ALL {
        let name = page(code).file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(code.help(), format!("https://unpkg.com/countersign@{version}/errors/{name}"));
    }
}

#[test]
fn typescript_knows_the_same_codes() {
    let source = fs::read_to_string(path("src/error-code.ts")).unwrap();
    let union = source.split_once("export type ErrorCode =").unwrap().1.split_once(';').unwrap().0;
    let theirs: BTreeSet<&str> = union.split('"').skip(1).step_by(2).collect();
    let ours: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(theirs, ours);
}
