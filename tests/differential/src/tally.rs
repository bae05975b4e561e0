//! What a run has counted.

use std::time::Instant;

pub struct Tally {
    pub kernel: String,
    /// Keys, messages and signatures with a verdict of each side.
    pub cases: u64,
    pub accepted: u64,
    /// Keys that both sides took or refused.
    pub keys: u64,
    pub keys_refused: u64,
    /// Checks of ours, by what it had precomputed.
    pub with_table: u64,
    pub with_generator: u64,
    pub without_table: u64,
    /// Cases that the judge alone takes, by the rule that refuses them.
    pub stricter: Vec<(&'static str, u64)>,
    pub disagreements: u64,
    told: Instant,
}

impl Tally {
    pub fn new(kernel: &str) -> Self {
        Self {
            kernel: kernel.to_owned(),
            cases: 0,
            accepted: 0,
            keys: 0,
            keys_refused: 0,
            with_table: 0,
            with_generator: 0,
            without_table: 0,
            stricter: Vec::new(),
            disagreements: 0,
            told: Instant::now(),
        }
    }

    /// Counts a case that both sides have judged.
    pub fn case(&mut self, accepted: bool) {
        self.cases += 1;
        self.accepted += u64::from(accepted);
        if self.told.elapsed().as_secs() >= 1 {
            self.tell();
        }
    }

    /// Counts a case that a rule of ours refuses, and that the judge takes.
    pub fn refused_by(&mut self, rule: &'static str) {
        match self.stricter.iter_mut().find(|(name, _)| *name == rule) {
            Some((_, count)) => *count += 1,
            None => self.stricter.push((rule, 1)),
        }
        self.case(false);
    }

    /// Counts a key that both sides have judged.
    pub fn key(&mut self, accepted: bool) {
        self.keys += 1;
        self.keys_refused += u64::from(!accepted);
    }

    pub fn disagreement(&mut self, what: &str) {
        self.disagreements += 1;
        if self.disagreements <= 10 {
            eprintln!("DISAGREEMENT {}: {what}", self.kernel);
        }
    }

    /// One line for the one who started this program.
    pub fn tell(&mut self) {
        self.told = Instant::now();
        let stricter: Vec<String> = self.stricter.iter().map(|(rule, count)| format!("{rule:?}:{count}")).collect();
        println!(
            "{{\"cases\":{},\"accepted\":{},\"refused\":{},\"keys\":{},\"keysRefused\":{},\"withTable\":{},\
             \"withGenerator\":{},\"withoutTable\":{},\"stricter\":{{{}}},\"disagreements\":{}}}",
            self.cases,
            self.accepted,
            self.cases - self.accepted,
            self.keys,
            self.keys_refused,
            self.with_table,
            self.with_generator,
            self.without_table,
            stricter.join(","),
            self.disagreements
        );
    }
}
