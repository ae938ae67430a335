"""Samples are read, and each falls into the part of the work where a reader would look for it."""

import unittest

import cost_profile
import perf_samples
from perf_samples import Frame, Line

PRINTED = """\

\tffffffff82028e25 __tcp_push_pending_frames ([kernel.kallsyms])
\tffffffff81e2f330 __x64_sys_sendto ([kernel.kallsyms])
\t          10aba4 __send (/usr/lib/x86_64-linux-gnu/libc.so.6)


\t          77de4f gateway::reply::limits::told (/opt/keyward)
\t747865743d773b3d [unknown] ([unknown])
"""
STD = Line("new<T>", "/rustc/59807616/library/alloc/src/boxed.rs:250")


def frame(symbol, file="/opt/keyward", address=1):
    return Frame(address, symbol, file)


class Reading(unittest.TestCase):
    def test_stacks_are_apart_and_innermost_first(self):
        stacks = perf_samples.read(PRINTED)
        self.assertEqual([len(stack) for stack in stacks], [3, 2])
        self.assertEqual(stacks[1][0], Frame(0x77DE4F, "gateway::reply::limits::told", "/opt/keyward"))

    def test_addr2line_has_a_list_for_each_address(self):
        printed = "0x01\nnew<T>\n/rustc/a:1\nhandle\n/crates/b:2\n0x02\n??\n??:0\n"
        self.assertEqual(
            cost_profile.lines_in(printed),
            [[Line("new<T>", "/rustc/a:1"), Line("handle", "/crates/b:2")], [Line("??", "??:0")]],
        )

    def test_offsets_become_addresses(self):
        printed = "  LOAD  0x000000 0x0000000000000000 0x0000000000000000 0x30ab48 0x30ab48 R   0x1000\n"
        printed += "  LOAD  0x30ab80 0x000000000030bb80 0x000000000030bb80 0xe33940 0xe33940 R E 0x1000\n"
        segments = cost_profile.segments_of(printed)
        self.assertEqual(cost_profile.virtual_address(0x77DE4F, segments), 0x77EE4F)
        self.assertEqual(cost_profile.virtual_address(0x100, segments), 0x100)


class Parts(unittest.TestCase):
    def check(self, stack, lines, part):
        self.assertEqual(perf_samples.part_of(stack, lambda _: lines), part)

    def test_in_the_kernel_the_call_tells(self):
        for outer, part in [
            ("__x64_sys_sendto", "kernel: sending (TCP, loopback)"),
            ("__x64_sys_recvfrom", "kernel: receiving"),
            ("__x64_sys_epoll_wait", "kernel: waiting for events"),
            ("asm_exc_page_fault", "kernel: memory"),
            ("asm_sysvec_apic_timer_interrupt", "kernel: the rest"),
        ]:
            with self.subTest(outer=outer):
                stack = [frame("tcp_v4_rcv", perf_samples.KERNEL), frame(outer, perf_samples.KERNEL), frame("__send")]
                self.check(stack, [], part)

    def test_the_allocator_and_copies_are_told_by_name(self):
        for symbol, file, part in [
            ("mi_theap_malloc_aligned", "/opt/keyward", "allocator"),
            ("__memmove_avx_unaligned_erms", "/usr/lib/x86_64-linux-gnu/libc.so.6", "memory copies"),
            ("__send", "/usr/lib/x86_64-linux-gnu/libc.so.6", "C library"),
            ("__vdso_clock_gettime", "[vdso]", "clock"),
        ]:
            with self.subTest(symbol=symbol):
                self.check([frame(symbol, file)], [STD], part)

    def test_the_source_around_the_standard_library_tells(self):
        for source, function, part in [
            ("/a/crates/gateway/src/meter/take.rs:12", "take", "Keyward: quotas and leases"),
            ("/a/crates/journal/src/writer.rs:1", "append", "Keyward: journal and record"),
            ("/a/crates/gateway/src/handle.rs:53", "answer", "Keyward: what is asked, key look-up, decision"),
            ("/a/crates/gateway/src/upstream/http1/head.rs:9", "read", "Keyward: HTTP/1.1 to the upstream"),
            ("/a/crates/gateway/src/status.rs:9", "figures", "Keyward: what is asked, key look-up, decision"),
            ("/a/crates/gateway/src/upstream/pool.rs:9", "send", "Keyward: upstream's pool and connections"),
            ("/r/tokio-1.49.0/src/runtime/scheduler.rs:2", "run", "tokio: tasks, timers, events"),
            ("/r/hyper-1.12.0/src/proto/h1/role.rs:3", "parse", "hyper: either side"),
            ("/r/hyper-1.12.0/src/a.rs:3", "poll<hyper::proto::h1::role::Server>", "hyper: callers' side"),
            ("/r/hyper-1.12.0/src/a.rs:3", "poll<hyper::proto::h1::role::Client>", "hyper: upstream's side"),
            ("??:0", "??", "standard library, not inlined"),
        ]:
            with self.subTest(source=source):
                self.check([frame("outer")], [STD, Line(function, source)], part)


if __name__ == "__main__":
    unittest.main()
