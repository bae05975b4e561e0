//! JSON text (RFC 8259), written.

use alloc::string::String;
use core::mem;

/// An object's text, written member by member in the order of the calls.
pub(crate) struct ObjectText(String);

impl ObjectText {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        let mut value = String::new();
        write_string(&mut value, text);
        self.json(name, &value)
    }

    /// A member whose value is JSON text already.
    pub(crate) fn json(&mut self, name: &str, json: &str) -> &mut Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    pub(crate) fn finish(&mut self) -> String {
        self.0.push('}');
        mem::take(&mut self.0)
    }
}

/// Writes a string with its quotes.
pub(crate) fn write_string(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                out.push_str("\\u00");
                out.push(HEX[c as usize >> 4]);
                out.push(HEX[c as usize & 15]);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_they_were_read() {
        let mut out = String::new();
        write_string(&mut out, "a \"\\/\u{1f}\u{20}\u{7f}é😀");
        assert_eq!(out, "\"a \\\"\\\\/\\u001f \u{7f}é😀\"");
        assert_eq!(crate::jose::json::parse(out.as_bytes()).unwrap().as_str(), Some("a \"\\/\u{1f} \u{7f}é😀"));
    }
}
