//! Trace context (W3C Trace Context, level 1): a caller's trace goes on through the gateway, with a span of the gateway's own
//! in between. `tracestate` goes on as it is. A trace that cannot be read is not passed on, as the standard has it.
//!
//! No trace is begun here: Keyward reports no spans, so whoever followed one would find nothing at its root. The span's id
//! is the second half of the request's id, which callers, rows and receipts name: that is how one finds the other.

use domain::id::RequestId;

use crate::heads::Headers;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
/// `00-<32 hex>-<16 hex>-<2 hex>`.
const LENGTH: usize = 55;
/// Where the id of the span stands in it.
const SPAN: std::ops::Range<usize> = 36..52;

/// Puts the gateway's span into the trace that the request is part of, if it is part of one.
pub(crate) fn pass_on(headers: &mut Headers, request: RequestId) {
    let mut lines = headers.get_all(TRACEPARENT);
    let Some(line) = lines.next() else { return };
    let passed = if lines.next().is_none() { passed(line.as_bytes(), request) } else { None };
    drop(lines);
    match passed {
        Some(value) => headers.insert(TRACEPARENT, value),
        None => {
            headers.remove(TRACEPARENT);
            headers.remove(TRACESTATE);
        }
    }
}

/// The same trace with our span. A later version is passed on as the one that is known here.
fn passed(line: &[u8], request: RequestId) -> Option<[u8; LENGTH]> {
    let (known, more) = line.split_at_checked(LENGTH)?;
    let is_lower_hex = |part: &[u8]| part.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_zero = |part: &[u8]| part.iter().all(|byte| *byte == b'0');
    let (version, trace, span, flags) = (&known[..2], &known[3..35], &known[SPAN], &known[53..]);
    let is_whole = match version {
        b"00" => more.is_empty(),
        b"ff" => false,
        _ => more.first().is_none_or(|byte| *byte == b'-'),
    };
    let are_dashes = [2, 35, 52].iter().all(|at| known[*at] == b'-');
    let are_hex = [version, trace, span, flags].iter().all(|part| is_lower_hex(part));
    if !is_whole || !are_dashes || !are_hex || is_zero(trace) || is_zero(span) {
        return None;
    }
    let mut passed = *known.first_chunk::<LENGTH>()?;
    passed[..2].copy_from_slice(b"00");
    // Zero is no span; a half that is all zeros has never been drawn.
    let id = (request.as_u128() as u64).max(1);
    for (place, shift) in passed[SPAN].iter_mut().zip((0..16).rev()) {
        *place = b"0123456789abcdef"[(id >> (4 * shift)) as usize & 15];
    }
    Some(passed)
}

#[cfg(test)]
mod tests {
    //! What goes on of what a caller sends.

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_trace_goes_on_with_a_span_of_our_own_or_not_at_all() {
        let ours = format!("00-{TRACE}-0123456789abcdef-01");
        let cases: &[(&[String], Option<&str>)] = &[
            (&[], None),
            (&[format!("00-{TRACE}-00f067aa0ba902b7-01")], Some(&ours)),
            (&[format!("cc-{TRACE}-00f067aa0ba902b7-01")], Some(&ours)),
            (&[format!("cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later")], Some(&ours)),
            (&[format!("cc-{TRACE}-00f067aa0ba902b7-01.what")], None),
            (&[format!("00-{TRACE}-00f067aa0ba902b7-01-more")], None),
            (&[format!("ff-{TRACE}-00f067aa0ba902b7-01")], None),
            (&[format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32))], None),
            (&[format!("00-{TRACE}-0000000000000000-01")], None),
            (&[format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase())], None),
            (&[format!("00-{TRACE}_00f067aa0ba902b7-01")], None),
            (&["00".to_owned()], None),
            (&[format!("00-{TRACE}-00f067aa0ba902b7-01"), format!("00-{TRACE}-00f067aa0ba902b7-01")], None),
        ];
        for (lines, expected) in cases {
            let mut headers = Headers::new();
            headers.insert(TRACESTATE, "a=1");
            for line in *lines {
                headers.append(TRACEPARENT, line);
            }
            pass_on(&mut headers, RequestId::from_u128(7 << 64 | 0x0123_4567_89ab_cdef));
            assert_eq!(headers.get(TRACEPARENT).map(|value| value.to_str().expect("ASCII")), *expected, "{lines:?}");
            assert_eq!(headers.contains_key(TRACESTATE), lines.is_empty() || expected.is_some(), "{lines:?}");
        }
    }
}
