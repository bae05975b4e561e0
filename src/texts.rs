//! Tables of texts. All texts of a table stand in one piece: a reference to each would take more of the download
//! than finding it does.

/// Rows of as many lines each.
pub(crate) struct Texts {
    pub(crate) lines: &'static str,
    /// Where each row starts.
    pub(crate) starts: &'static [u16],
}

impl Texts {
    #[inline(never)]
    pub(crate) fn get(&self, row: usize, line: usize) -> &'static str {
        let start = self.starts.get(row).map_or(usize::MAX, |&start| usize::from(start));
        self.lines.get(start..).and_then(|rest| rest.split('\n').nth(line)).unwrap_or_default()
    }
}

/// Whether a text, as one word, is in a list whose words are separated by spaces.
#[inline(never)]
pub(crate) fn has_word(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// Where the rows of a table start.
pub(crate) const fn starts<const ROWS: usize>(rows: [&str; ROWS]) -> [u16; ROWS] {
    let mut starts = [0; ROWS];
    let (mut row, mut start) = (0, 0);
    while row < ROWS {
        assert!(start <= u16::MAX as usize, "a table of texts is too long");
        starts[row] = start as u16;
        start += rows[row].len();
        row += 1;
    }
    starts
}

/// A table of texts from its rows.
macro_rules! texts {
    ($( [$($line:expr),+] )+) => {
        $crate::texts::Texts {
            lines: concat!($( $($line, "\n"),+ ),+),
            starts: const { &$crate::texts::starts([$( concat!($($line, "\n"),+) ),+]) },
        }
    };
}
pub(crate) use texts;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_whole() {
        assert!(has_word("a bc d", "a") && has_word("a bc d", "bc") && has_word("a bc d", "d"));
        assert!(!has_word("a bc d", "b") && !has_word("a bc d", "a bc") && !has_word("a bc d", ""));
    }

    #[test]
    fn each_row_has_its_lines() {
        static TEXTS: Texts = texts!(["a", "§ 1"] ["", "c"] ["d", ""]);
        let row = |row| [TEXTS.get(row, 0), TEXTS.get(row, 1)];
        assert_eq!([row(0), row(1), row(2), row(3)], [["a", "§ 1"], ["", "c"], ["d", ""], ["", ""]]);
    }
}
