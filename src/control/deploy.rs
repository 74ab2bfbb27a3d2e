//! One deploy as the window and the report show it: what was rolled out, how far it has come, and what it cost.

use crate::topology::{Bug, Deploy, ModuleName, NodeId, Strategy};

/// How a deploy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeployOutcome {
    /// Every replica runs the new version.
    Done,
    /// A new life never became ready.
    Stuck,
    /// It went back to the version before.
    RolledBack,
    /// The run ended first.
    Unfinished,
}

impl DeployOutcome {
    /// The report's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Stuck => "stuck",
            Self::RolledBack => "rolled_back",
            Self::Unfinished => "unfinished",
        }
    }
}

/// One deploy, or one roll back.
#[derive(Debug, Clone, PartialEq)]
pub struct DeployState {
    /// When it began, in microseconds of run time.
    pub at_us: u64,
    /// The node whose replicas are replaced.
    pub node: NodeId,
    /// The modules that get another version, with its number.
    pub modules: Vec<(ModuleName, u32)>,
    /// The node's release that has them.
    pub release: u32,
    /// How the new version takes the place of the old.
    pub strategy: Strategy,
    /// What is wrong with the new version.
    pub bug: Option<Bug>,
    /// Whether it brings back an earlier version.
    pub is_back: bool,
    /// Replicas that run the release.
    pub moved: u32,
    /// Replicas that are wanted.
    pub replicas: u32,
    /// What it does now, in words.
    pub doing: String,
    /// How it ended; `None` while it goes on.
    pub outcome: Option<DeployOutcome>,
    /// Why it did not go through.
    pub why: Option<String>,
    /// When it ended, in microseconds of run time.
    pub ended_us: Option<u64>,
    /// Replicas that took no requests meanwhile, times for how long, in seconds.
    pub capacity_lost_replica_s: f64,
    /// Requests of all users that failed or timed out meanwhile.
    pub requests_failed: u64,
    failed_before: u64,
}

impl DeployState {
    pub(super) fn new(
        at_us: u64,
        node: NodeId,
        modules: Vec<(ModuleName, u32)>,
        release: u32,
        deploy: &Deploy,
        is_back: bool,
        failed_before: u64,
    ) -> Self {
        Self {
            at_us,
            node,
            modules,
            release,
            strategy: deploy.strategy,
            bug: deploy.bug,
            is_back,
            moved: 0,
            replicas: 0,
            doing: String::new(),
            outcome: None,
            why: None,
            ended_us: None,
            capacity_lost_replica_s: 0.0,
            requests_failed: 0,
            failed_before,
        }
    }

    /// The versions, in words: `recommendations 2`.
    pub fn version_words(&self) -> String {
        match self.modules.as_slice() {
            [] => format!("release {}", self.release),
            [(module, number)] => format!("{module} {number}"),
            several => {
                let words: Vec<String> = several.iter().map(|(module, number)| format!("{module} {number}")).collect();
                if words.len() > 3 { format!("release {} of {}", self.release, self.node) } else { words.join(", ") }
            }
        }
    }

    /// How far it has come, in words: `2 of 3 on recommendations 2`.
    pub fn progress_words(&self) -> String {
        format!("{} of {} on {}", self.moved, self.replicas, self.version_words())
    }

    /// How long it took, or takes, in microseconds.
    pub fn took_us(&self, now_us: u64) -> u64 {
        self.ended_us.unwrap_or(now_us).saturating_sub(self.at_us)
    }

    pub(super) fn count_failed(&mut self, failed: u64) {
        self.requests_failed = failed.saturating_sub(self.failed_before);
    }

    pub(super) fn end(&mut self, now_us: u64, failed: u64) {
        self.count_failed(failed);
        self.ended_us = Some(now_us);
    }
}
