//! The text in which Prometheus reads figures (text format 0.0.4).
//!
//! Written here and not by a crate: the figures are the gateway's own atomics, one set for each thread without a locked
//! instruction, and what is left to do is three kinds of lines. A crate would bring its own registry and its own locks.

use std::fmt::{Display, Write};

/// What all names begin with.
const PREFIX: &str = "keyward_";

/// A text that grows by one figure after another.
#[derive(Default)]
pub struct Exposition(String);

impl Exposition {
    /// The whole of it.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Begins a figure that only grows; what is written next are its values.
    pub fn counter(&mut self, name: &str, help: &str) -> &mut Self {
        self.begin(name, "counter", help)
    }

    /// Begins a figure that goes up and down.
    pub fn gauge(&mut self, name: &str, help: &str) -> &mut Self {
        self.begin(name, "gauge", help)
    }

    /// Begins a histogram.
    pub fn histogram(&mut self, name: &str, help: &str) -> &mut Self {
        self.begin(name, "histogram", help)
    }

    /// A value of the figure with this name, under these labels.
    pub fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) -> &mut Self {
        self.0.push_str(PREFIX);
        self.0.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            self.0.push(if index == 0 { '{' } else { ',' });
            _ = write!(self.0, "{label}=\"{}\"", escaped(text));
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        _ = writeln!(self.0, " {value}");
        self
    }

    fn begin(&mut self, name: &str, kind: &str, help: &str) -> &mut Self {
        _ = writeln!(self.0, "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}");
        self
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_prometheus_reads_them() {
        let mut text = Exposition::default();
        text.counter("calls_total", "Calls.").value("calls_total", &[("api", "a\"\\\n"), ("outcome", "failed")], 7);
        text.gauge("fill", "How full.").value("fill", &[], 0.5);
        let expected = "# HELP keyward_calls_total Calls.\n# TYPE keyward_calls_total counter\n\
            keyward_calls_total{api=\"a\\\"\\\\\\n\",outcome=\"failed\"} 7\n\
            # HELP keyward_fill How full.\n# TYPE keyward_fill gauge\nkeyward_fill 0.5\n";
        assert_eq!(text.into_text(), expected);
    }
}
