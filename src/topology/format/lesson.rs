//! Reads the lesson: its texts, its analogy, and its steps with their answers.

use super::reader::{Entry, Reader};
use crate::topology::field::{ANALOGY, ANSWER, LESSON, LESSON_STEP};
use crate::topology::{Answer, Lesson, LessonStep};

impl Reader<'_> {
    pub(super) fn lesson(&mut self, entry: &Entry<'_>) -> Lesson {
        let mut lesson = Lesson::default();
        self.part(entry, &mut lesson, LESSON, &["analogy", "step"]);
        if let Some(analogy) = self.table(entry.table, &entry.path, "analogy") {
            self.part(&analogy, &mut lesson.analogy, ANALOGY, &[]);
        }
        lesson.steps = self.list(entry.table, &entry.path, "step", Self::lesson_step);
        lesson
    }

    fn lesson_step(&mut self, entry: &Entry<'_>) -> Option<LessonStep> {
        let mut step = LessonStep::default();
        self.part(entry, &mut step, LESSON_STEP, &["choices"]);
        step.choices = self.list(entry.table, &entry.path, "choices", Self::answer);
        Some(step)
    }

    fn answer(&mut self, entry: &Entry<'_>) -> Option<Answer> {
        let mut answer = Answer::default();
        self.part(entry, &mut answer, ANSWER, &[]);
        Some(answer)
    }
}
