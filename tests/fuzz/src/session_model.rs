//! Tabs of one browser, an authorization server that rotates refresh tokens and ends the family of one that comes twice
//! (RFC 9700 §4.14.2), and whatever may happen between them in whatever order. What must hold is asserted as it goes on,
//! and once more when everything has come to rest.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use countersign::login::{Action, Cause, Demand, Effect, Session, Storage, StoredText, Tokens};
use countersign::{Error, ErrorCode, Grant, TokenResponse, token_response};

const SUBJECTS: [&str; 2] = ["ada", "bob"];
/// Seconds.
const LIFETIME: f64 = 300.0;
const IDLE: f64 = 600.0;

/// What the server knows of a refresh token.
#[derive(Clone, Debug)]
struct Issued {
    family: usize,
    is_live: bool,
}

#[derive(Debug, Default)]
struct Family {
    subject: usize,
    /// The server has ended it: a refresh token came twice, or it was told to.
    is_over: bool,
    /// A refresh token came twice.
    was_reused: bool,
    /// The user has logged out of it.
    is_signed_out: bool,
    /// A page went before it had forgotten it.
    is_half_forgotten: bool,
    /// An answer, a store's entry or a page was lost: somebody may have to use an old refresh token.
    is_excused: bool,
    /// The thumbprint of the key that its tokens are bound to.
    jkt: Option<String>,
}

#[derive(Debug, Default)]
struct Server {
    refresh_tokens: BTreeMap<String, Issued>,
    families: Vec<Family>,
    count: usize,
}

#[derive(Debug)]
struct Tab {
    session: Session,
    /// Flights that are performed, and those of them that look for a session.
    flights: Vec<u32>,
    inbox: VecDeque<String>,
    store: usize,
    /// The answer that the server has given and the page has not yet read.
    answers: BTreeMap<u32, (u16, String, Option<String>)>,
    is_open: bool,
}

#[derive(Debug)]
pub struct World {
    storage: Storage,
    now: f64,
    tabs: Vec<Tab>,
    stores: Vec<Option<String>>,
    lock: Option<(usize, u32)>,
    server: Server,
    mark: bool,
    /// How many keys the browser has lost: the one that it has now follows.
    keys: u32,
    /// What the browser remembers of the user's last action.
    activity: Option<String>,
    /// The mark was removed: the tabs that have not noticed yet.
    unmarked: BTreeSet<usize>,
    /// What has happened, for whoever reads a failure.
    log: Vec<String>,
}

/// How an action goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Luck {
    Good,
    /// It fails before anything has happened.
    Fails,
    /// It happens, and nobody hears of it.
    Lost,
}

impl World {
    pub fn new(storage: Storage) -> Self {
        let mut world = Self {
            storage,
            now: 1_700_000_000.0,
            tabs: Vec::new(),
            stores: Vec::new(),
            lock: None,
            server: Server::default(),
            mark: false,
            keys: 0,
            activity: None,
            unmarked: BTreeSet::new(),
            log: Vec::new(),
        };
        world.open_tab(None);
        world.open_tab(None);
        world
    }

    /// One step, of three octets.
    pub fn step(&mut self, [kind, one, two]: [u8; 3]) {
        let tab = usize::from(one) % self.tabs.len();
        let what = ["time", "sign in", "token", "token", "restore", "sign out", "reload", "copy", "hear", "notice"];
        self.read_activity();
        self.log.push(format!("tab {tab}: {} {two}", what.get(usize::from(kind % 16)).unwrap_or(&"act")));
        match kind % 16 {
            0 => self.now += [1.0, 29.0, 30.0, 240.0, 280.0, 300.0, 4_000.0][usize::from(two) % 7],
            1 => self.sign_in(tab, usize::from(two) % 2),
            2 | 3 => self.want_token(tab),
            4 => self.restore(tab),
            5 if two % 4 == 0 => self.sign_out(tab),
            6 if two % 4 == 0 => self.reload(tab),
            7 if two % 8 == 0 && self.tabs.len() < 4 => self.open_tab(Some(tab)),
            8 => self.hear(tab),
            9 => self.notice(tab),
            10 if two == 255 => self.lose_key(),
            10 if two < 8 => self.tabs[tab].session.set_idle_timeout(Some(IDLE)),
            10 => {
                self.tabs[tab].session.acted(self.now);
                self.drain(tab);
            }
            11 => {
                self.tabs[tab].session.tick(self.now);
                self.drain(tab);
                self.check_tick(tab);
            }
            _ => {
                let luck = match two {
                    0..=9 => Luck::Fails,
                    10..=19 => Luck::Lost,
                    _ => Luck::Good,
                };
                self.act(tab, usize::from(kind / 16), luck);
            }
        }
        self.check();
    }

    /// Everything is heard and performed, and nothing fails any more. Then the rest must hold.
    pub fn rest(&mut self) {
        for _ in 0..400 {
            let mut is_quiet = true;
            for tab in 0..self.tabs.len() {
                is_quiet &= self.tabs[tab].inbox.is_empty() && self.tabs[tab].flights.is_empty();
                is_quiet &= !self.unmarked.contains(&tab);
                self.notice(tab);
                self.hear(tab);
                for which in 0..self.tabs[tab].flights.len() {
                    self.act(tab, which, Luck::Good);
                }
            }
            self.check();
            if is_quiet {
                return self.check_rest();
            }
        }
        panic!("it never comes to rest: {self:#?}");
    }

    fn open_tab(&mut self, copied: Option<usize>) {
        let store = match (self.storage, copied) {
            (Storage::Shared, _) => 0,
            (_, None) => self.stores.len(),
            (_, Some(tab)) => {
                let entry = self.stores[self.tabs[tab].store].clone();
                self.excuse_all();
                self.half_forget();
                self.stores.push(entry);
                self.stores.len() - 1
            }
        };
        while self.stores.len() <= store {
            self.stores.push(None);
        }
        self.tabs.push(Tab {
            session: self.session(),
            flights: Vec::new(),
            inbox: VecDeque::new(),
            store,
            answers: BTreeMap::new(),
            is_open: true,
        });
    }

    /// What is kept in this browser is bound to its key.
    fn session(&self) -> Session {
        let mut session = Session::new(self.storage);
        session.set_bound(self.jkt().is_some());
        session
    }

    fn jkt(&self) -> Option<String> {
        (self.storage != Storage::Memory).then(|| format!("key {}", self.keys))
    }

    /// The browser deletes its key, and makes another when it needs one.
    fn lose_key(&mut self) {
        self.keys += 1;
        self.excuse_all();
    }

    /// A page goes, with all that was under way, and another comes at its place.
    fn reload(&mut self, tab: usize) {
        self.excuse_all();
        if !self.tabs[tab].flights.is_empty() || self.unmarked.contains(&tab) || !self.tabs[tab].inbox.is_empty() {
            self.half_forget();
        }
        if self.lock.is_some_and(|(holder, _)| holder == tab) {
            self.lock = None;
        }
        let store = self.tabs[tab].store;
        self.unmarked.remove(&tab);
        self.tabs[tab] = Tab {
            session: self.session(),
            flights: Vec::new(),
            inbox: VecDeque::new(),
            store,
            answers: BTreeMap::new(),
            is_open: true,
        };
    }

    /// A page goes, or is copied, in the moment between a logout and the last that is left of the session.
    fn half_forget(&mut self) {
        let signed_out = self.server.families.iter_mut().filter(|family| family.is_signed_out);
        signed_out.for_each(|family| family.is_half_forgotten = true);
    }

    fn excuse_all(&mut self) {
        self.server.families.iter_mut().for_each(|family| family.is_excused = true);
    }

    fn sign_in(&mut self, tab: usize, subject: usize) {
        // Who logs in with another session at hand leaves that one behind.
        if self.storage != Storage::Memory || self.tabs[tab].session.tokens().is_some() {
            self.excuse_all();
        }
        let family = self.server.families.len();
        let jkt = self.jkt();
        self.server.families.push(Family { subject, jkt: jkt.clone(), ..Family::default() });
        let (access_token, refresh_token) = self.server.issue(family);
        let tokens = Tokens {
            access_token,
            obtained_at: self.now,
            expires_at: Some(self.now + LIFETIME),
            refresh_token: Some(refresh_token),
            id_token: Some(format!("id {}", SUBJECTS[subject])),
            checked_at: self.now,
            subject: Some(SUBJECTS[subject].to_owned()),
            nonce: None,
            scope: "openid".to_owned(),
            lineage: format!("family {family}"),
            generation: 0,
            jkt,
        };
        let flight = self.tabs[tab].session.signed_in(tokens);
        self.tabs[tab].flights.push(flight);
        self.drain(tab);
    }

    fn want_token(&mut self, tab: usize) {
        match self.tabs[tab].session.demand(None, self.now) {
            Demand::Use(token) => self.check_token(tab, &token),
            Demand::Renew(flight) => self.begin(tab, flight),
            Demand::Refuse(_) => {}
        }
        self.drain(tab);
    }

    fn restore(&mut self, tab: usize) {
        let flight = self.tabs[tab].session.restore(Some(self.mark), self.now);
        self.begin(tab, flight);
        self.drain(tab);
    }

    fn begin(&mut self, tab: usize, flight: u32) {
        if !self.tabs[tab].flights.contains(&flight) {
            self.tabs[tab].flights.push(flight);
        }
    }

    fn sign_out(&mut self, tab: usize) {
        // Whatever this page or its store has is over for good.
        let held = self.tabs[tab].session.tokens().map(|tokens| tokens.lineage.clone());
        let stored = self.stores[self.tabs[tab].store].clone().unwrap_or_default();
        for (at, family) in self.server.families.iter_mut().enumerate() {
            let name = format!("family {at}");
            let is_stored = self.storage != Storage::Memory && stored.contains(&format!("\"{name}\""));
            family.is_signed_out |= held.as_deref() == Some(name.as_str()) || is_stored;
        }
        let flight = self.tabs[tab].session.sign_out();
        self.begin(tab, flight);
        self.drain(tab);
        assert!(self.tabs[tab].session.tokens().is_none());
    }

    fn hear(&mut self, tab: usize) {
        let Some(message) = self.tabs[tab].inbox.pop_front() else { return };
        if message.contains("\"ended\"") {
            self.note_ended(tab);
        }
        // Whoever waits for an answer listens as well.
        for flight in self.tabs[tab].flights.clone() {
            self.tabs[tab].session.tab_answered(flight, Some(&message), self.now);
        }
        if let Some(flight) = self.tabs[tab].session.heard(&message, self.now) {
            self.begin(tab, flight);
        }
        self.drain(tab);
    }

    /// Notices that the mark is gone: the user has logged out in another tab.
    fn notice(&mut self, tab: usize) {
        if !self.unmarked.remove(&tab) {
            return;
        }
        self.note_ended(tab);
        if let Some(flight) = self.tabs[tab].session.signed_out_elsewhere() {
            self.begin(tab, flight);
        }
        self.drain(tab);
    }

    /// A logout reaches this tab: what it has is over, too.
    fn note_ended(&mut self, tab: usize) {
        if let Some(tokens) = self.tabs[tab].session.tokens() {
            let family: usize = tokens.lineage["family ".len()..].parse().unwrap();
            self.server.families[family].is_excused = true;
        }
    }

    fn drain(&mut self, tab: usize) {
        while let Some(effect) = self.tabs[tab].session.next_effect() {
            match effect {
                Effect::Tell(message) => {
                    for other in (0..self.tabs.len()).filter(|other| *other != tab) {
                        self.tabs[other].inbox.push_back(message.clone());
                    }
                }
                Effect::RemoveMark if self.mark => {
                    self.mark = false;
                    self.unmarked.extend((0..self.tabs.len()).filter(|other| *other != tab));
                }
                Effect::SetMark => self.mark = true,
                Effect::Perform(flight) => self.begin(tab, flight),
                Effect::Restore => self.restore(tab),
                Effect::KeepActivity(text) => self.activity = Some(text),
                // Nobody was there: that is nobody's fault.
                Effect::Changed(Cause::Idle) => self.excuse_all(),
                Effect::Changed(_) | Effect::RenewalFailed(_) | Effect::RemoveMark | Effect::Expiring => {}
            }
        }
    }

    fn act(&mut self, tab: usize, which: usize, luck: Luck) {
        let Some(&flight) = self.tabs[tab].flights.get(which % self.tabs[tab].flights.len().max(1)) else { return };
        if luck != Luck::Good {
            self.excuse_all();
        }
        // A page asks what to do next when it has told how the last thing ended.
        if self.tabs[tab].answers.contains_key(&flight) {
            self.renew(tab, flight, "", None, luck);
            return self.drain(tab);
        }
        let action = self.tabs[tab].session.next_action(flight);
        self.log.push(format!("tab {tab}: flight {flight} {luck:?} {action:?}"));
        match action {
            None => {
                let landing = self.tabs[tab].session.landing(flight);
                self.log.push(format!("tab {tab}: flight {flight} {landing:?}"));
                self.tabs[tab].flights.retain(|one| *one != flight);
                if self.lock == Some((tab, flight)) {
                    self.lock = None;
                }
            }
            Some(Action::Lock { .. }) => {
                let is_free = self.lock.is_none();
                if is_free {
                    self.lock = Some((tab, flight));
                }
                // A page waits, but not for ever.
                if is_free || luck == Luck::Fails {
                    self.tabs[tab].session.locked(flight, is_free, self.now);
                    if is_free && self.tabs[tab].session.next_action(flight).is_none() {
                        self.lock = None;
                    }
                }
            }
            Some(Action::ReadStore { .. }) => {
                let text = match self.storage {
                    Storage::Memory => None,
                    Storage::Tab | Storage::Shared => self.stores[self.tabs[tab].store].clone(),
                };
                let answer = match (luck, &text) {
                    (Luck::Good, Some(text)) => StoredText::Entry(text),
                    (Luck::Good, None) => StoredText::Nothing,
                    _ => StoredText::Failed,
                };
                self.tabs[tab].session.store_read(flight, answer);
            }
            Some(Action::WriteStore { entry, .. }) => {
                if luck != Luck::Fails && self.storage != Storage::Memory {
                    let store = self.tabs[tab].store;
                    let before = self.stores[store].take().unwrap_or_default();
                    let after = entry.clone().unwrap_or_default();
                    for (at, family) in self.server.families.iter_mut().enumerate() {
                        // Who logs in last has the store, and who logs out last has emptied it.
                        let name = format!("\"family {at}\"");
                        family.is_excused |= before.contains(&name) && !after.contains(&name);
                    }
                    self.stores[store] = entry;
                }
                self.tabs[tab].session.store_written(flight);
            }
            Some(Action::AskTabs { message, .. }) => {
                // The others hear of it at once, or in time never.
                if luck == Luck::Good {
                    for other in (0..self.tabs.len()).filter(|other| *other != tab) {
                        self.tabs[other].inbox.push_back(message.clone());
                        while !self.tabs[other].inbox.is_empty() {
                            self.hear(other);
                        }
                    }
                    while !self.tabs[tab].inbox.is_empty() {
                        self.hear(tab);
                    }
                }
                self.tabs[tab].session.tab_answered(flight, None, self.now);
            }
            Some(Action::Renew { refresh_token, jkt }) => self.renew(tab, flight, &refresh_token, jkt, luck),
            Some(Action::CheckIdToken { id_token, .. }) => match luck {
                Luck::Good => {
                    let subject = id_token.strip_prefix("id ").map(str::to_owned);
                    self.tabs[tab].session.id_token_passed(flight, subject, None, self.now);
                }
                _ => self.tabs[tab].session.id_token_refused(flight, error("keys_unavailable"), self.now),
            },
            Some(Action::Revoke { refresh_token, .. }) => {
                if luck != Luck::Fails {
                    self.server.revoke(&refresh_token);
                }
                self.tabs[tab].session.revoked(flight);
            }
        }
        self.drain(tab);
    }

    fn renew(&mut self, tab: usize, flight: u32, refresh_token: &str, jkt: Option<String>, luck: Luck) {
        let is_under_way = self.tabs[tab].answers.contains_key(&flight);
        if !is_under_way && jkt != self.jkt() {
            let missing = self.tabs[tab].session.key_missing(None);
            return self.tabs[tab].session.not_renewed(flight, missing, None, self.now);
        }
        if luck == Luck::Fails {
            return self.tabs[tab].session.not_renewed(flight, error("token_request_failed"), None, self.now);
        }
        // The server answers now, the page reads it later.
        if !self.tabs[tab].answers.contains_key(&flight) {
            let family = self.server.refresh_tokens[refresh_token].family;
            assert_eq!(self.server.families[family].jkt, jkt, "a renewal by another key");
            let (status, text) = self.server.renew(refresh_token);
            self.tabs[tab].answers.insert(flight, (status, text, jkt));
            if luck == Luck::Good {
                return;
            }
        }
        let (status, text, jkt) = self.tabs[tab].answers.remove(&flight).unwrap();
        if luck == Luck::Lost {
            return self.tabs[tab].session.not_renewed(flight, error("token_request_failed"), None, self.now);
        }
        match token_response(status, text.as_bytes(), "Bearer", Grant::RefreshToken) {
            Ok(response) => drop::<TokenResponse>(self.tabs[tab].session.renewed(flight, response, jkt, self.now)),
            Err(error) => self.tabs[tab].session.not_renewed(flight, error, None, self.now),
        }
    }

    fn read_activity(&mut self) {
        self.tabs.iter_mut().for_each(|tab| tab.session.activity_read(self.activity.as_deref()));
    }

    /// A tick leaves nothing for another one at the same time, and nobody who was idle.
    fn check_tick(&mut self, tab: usize) {
        let session = &mut self.tabs[tab].session;
        let wait = session.seconds_to_tick(self.now);
        assert!(wait.is_none_or(|wait| wait > 0.0));
        session.tick(self.now);
        assert_eq!(session.next_effect(), None, "a second tick");
    }

    /// At any time.
    fn check(&mut self) {
        for tab in 0..self.tabs.len() {
            if let Some(tokens) = self.tabs[tab].session.tokens().cloned() {
                self.check_token(tab, &tokens.access_token);
                let family = family_of(&tokens.access_token);
                assert_eq!(format!("family {family}"), tokens.lineage);
                assert_eq!(self.server.families[family].jkt, tokens.jkt, "another key's tokens");
                let refresh_token = tokens.refresh_token.unwrap();
                assert_eq!(self.server.refresh_tokens[&refresh_token].family, family);
            }
        }
        for family in &self.server.families {
            // One renewal at a time, from the latest refresh token: nobody uses one twice.
            let may_be_reused = family.is_excused || family.is_signed_out || self.storage == Storage::Tab;
            assert!(!family.was_reused || may_be_reused, "{self:#?}");
        }
    }

    /// A token that a page uses is its user's.
    fn check_token(&self, tab: usize, access_token: &str) {
        let subject = self.server.families[family_of(access_token)].subject;
        let tokens = self.tabs[tab].session.tokens().unwrap();
        assert_eq!(tokens.subject.as_deref(), Some(SUBJECTS[subject]), "two subjects share a page");
    }

    /// When everything has come to rest.
    fn check_rest(&self) {
        for tab in &self.tabs {
            let lineage = tab.session.tokens().map(|tokens| tokens.lineage.as_str());
            for (at, family) in self.server.families.iter().enumerate() {
                let name = format!("family {at}");
                if family.is_signed_out {
                    let is_here = lineage == Some(name.as_str());
                    assert!(!is_here || family.is_half_forgotten, "a logout was undone: {self:#?}");
                    let entry = self.stores[tab.store].as_deref().unwrap_or_default();
                    // An entry that the store could not be rid of is excused.
                    assert!(family.is_excused || !entry.contains(&format!("\"{name}\"")), "{self:#?}");
                    let is_live = self.server.refresh_tokens.values().any(|grant| grant.family == at && grant.is_live);
                    assert!(family.is_excused || !is_live, "a refresh token survived its logout: {self:#?}");
                } else if !family.is_excused && !family.is_over {
                    // Nothing has ended it, and nothing has failed: somebody has it.
                    let somewhere = self
                        .tabs
                        .iter()
                        .any(|tab| tab.is_open && tab.session.tokens().is_some_and(|tokens| tokens.lineage == name));
                    assert!(somewhere, "a session was lost, family {at}: {self:#?}");
                }
            }
        }
    }
}

impl Server {
    fn issue(&mut self, family: usize) -> (String, String) {
        self.count += 1;
        let refresh_token = format!("rt {family} {}", self.count);
        self.refresh_tokens.insert(refresh_token.clone(), Issued { family, is_live: true });
        (format!("at {family} {}", self.count), refresh_token)
    }

    fn renew(&mut self, refresh_token: &str) -> (u16, String) {
        let invalid = (400, r#"{"error":"invalid_grant"}"#.to_owned());
        let Some(grant) = self.refresh_tokens.get(refresh_token).cloned() else { return invalid };
        let family = &mut self.families[grant.family];
        if !grant.is_live && !family.is_over {
            family.was_reused = true;
            self.end(grant.family);
            return invalid;
        }
        if family.is_over {
            return invalid;
        }
        let subject = SUBJECTS[family.subject];
        if let Some(used) = self.refresh_tokens.get_mut(refresh_token) {
            used.is_live = false;
        }
        let (access, refresh) = self.issue(grant.family);
        let id_token =
            if self.count.is_multiple_of(3) { String::new() } else { format!(r#","id_token":"id {subject}""#) };
        let members = format!(r#""access_token":"{access}","token_type":"Bearer","refresh_token":"{refresh}""#);
        (200, format!(r#"{{{members},"expires_in":{LIFETIME}{id_token}}}"#))
    }

    fn revoke(&mut self, refresh_token: &str) {
        if let Some(grant) = self.refresh_tokens.get(refresh_token).cloned() {
            self.end(grant.family);
        }
    }

    fn end(&mut self, family: usize) {
        self.families[family].is_over = true;
        for grant in self.refresh_tokens.values_mut().filter(|grant| grant.family == family) {
            grant.is_live = false;
        }
    }
}

fn family_of(token: &str) -> usize {
    token.split(' ').nth(1).unwrap().parse().unwrap()
}

fn error(code: &str) -> Error {
    Error::new(*ErrorCode::ALL.iter().find(|known| known.as_str() == code).unwrap())
}
