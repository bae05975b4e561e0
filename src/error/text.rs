//! Values of a token as a message may show them: bounded, and nothing in them moves or hides other text.

use alloc::string::String;

/// How much of a found or expected value an error repeats, in characters.
const MAX_VALUE_LEN: usize = 120;

/// Invisible characters that change how the text around them is displayed: the line and paragraph
/// separators, and the general category Cf of Unicode 17 (bidirectional controls, zero-width characters, the byte
/// order mark, tags).
const INVISIBLE: [(char, char); 20] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0001}', '\u{e0001}'),
    ('\u{e0020}', '\u{e007f}'),
];

/// A value as an error may show it: at most 120 characters, those that control or hide text replaced by U+FFFD.
#[inline(never)]
pub(crate) fn bounded(text: &str) -> String {
    let mut bounded = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == MAX_VALUE_LEN {
            bounded.push('…');
            break;
        }
        bounded.push(if is_printable(c) { c } else { '\u{fffd}' });
    }
    bounded
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !INVISIBLE.iter().any(|&(first, last)| (first..=last).contains(&c))
}

/// Values as a message lists them, one by one.
pub(crate) struct List {
    text: Option<String>,
    separator: &'static str,
}

impl List {
    pub(crate) const fn new(separator: &'static str) -> Self {
        Self { text: None, separator }
    }

    #[inline(never)]
    pub(crate) fn add(&mut self, value: &str) {
        match &mut self.text {
            None => self.text = Some(String::from(value)),
            Some(text) => {
                text.push_str(self.separator);
                text.push_str(value);
            }
        }
    }

    /// The list's text; `None` where nothing was added.
    pub(crate) fn finish(self) -> Option<String> {
        self.text
    }
}

/// Several values as a message lists them.
pub(crate) fn joined(values: &[impl AsRef<str>], separator: &'static str) -> String {
    let mut list = List::new(separator);
    for value in values {
        list.add(value.as_ref());
    }
    list.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn what_hides_or_reorders_text_is_replaced() {
        let marks = ['\u{200e}', '\u{200f}', '\u{61c}', '\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];
        let bidirectional = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        let controls = ['\0', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{2028}', '\u{2029}', '\u{e0041}'];
        for c in bidirectional.chain(marks).chain(controls) {
            assert_eq!(bounded(&format!("a{c}b")), "a\u{fffd}b", "{:x}", c as u32);
        }
        for plain in ["shop.example", "日本語", "שלום", "é e\u{301}", "\u{2027}\u{202f}\u{2070}", "😀"] {
            assert_eq!(bounded(plain), plain);
        }
    }

    #[test]
    fn length_counts_characters() {
        assert_eq!(bounded(&"é".repeat(120)), "é".repeat(120));
        assert_eq!(bounded(&"é".repeat(121)), "é".repeat(120) + "…");
        assert_eq!(bounded(&"\u{202e}".repeat(10_000)).chars().count(), 121);
    }
}
