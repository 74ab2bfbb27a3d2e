//! Visitors from outside, as gateways tell of them. They are in nobody's books and no expectation counts them; the
//! report has them apart.

use std::sync::Arc;

use crate::telemetry::report::VisitorsReport;
use crate::telemetry::{Visitor, Visits};
use crate::topology::LifeId;

use super::cluster::Cluster;
use super::snapshot::VisitorState;

impl Cluster {
    /// Takes what a gateway says of its visitors. An older state changes nothing: the sums only grow.
    pub(super) fn visited(&mut self, id: LifeId, visits: Visits) {
        if self.lives.get(&id).is_none() {
            return;
        }
        let known = self.visits.get(&id);
        if known.is_some_and(|known| known.requests > visits.requests) {
            return;
        }
        let (visitors, lost) = known.map_or((0, 0), |known| (known.visitors, known.lost));
        if visits.visitors > visitors {
            let came = if visits.visitors - visitors == 1 { "a visitor" } else { "visitors" };
            self.log.info(self.now_us, format!("{came} from outside came to {}", id.slot));
        }
        if visits.lost > lost {
            self.log.harm(self.now_us, format!("a visitor of {} lost the session", id.slot));
        }
        self.visits.insert(id, visits);
    }

    /// Who is there, by gateway and seat. Who came to a gateway that is gone is no longer there.
    pub(super) fn visitor_states(&self) -> Arc<[VisitorState]> {
        let newest = |id: &LifeId| self.lives.current(&id.slot).is_some_and(|life| life.id == *id && life.is_alive());
        let present = self.visits.iter().filter(|(id, _)| newest(id));
        let state =
            |id: &LifeId, visitor: &Visitor| VisitorState { gateway: id.slot.clone(), visitor: visitor.clone() };
        present.flat_map(|(id, visits)| visits.present.iter().map(move |visitor| state(id, visitor))).collect()
    }

    /// The sums for the report.
    pub(super) fn visitors_report(&self) -> VisitorsReport {
        self.visits.values().fold(VisitorsReport::default(), |sum, visits| VisitorsReport {
            visitors: sum.visitors + visits.visitors,
            forgotten: sum.forgotten + visits.forgotten,
            requests: sum.requests + visits.requests,
            failed: sum.failed + visits.failed,
            sessions_lost: sum.sessions_lost + visits.lost,
        })
    }
}
