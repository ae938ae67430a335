// Asks before a page is left on which something is not saved: by a link, by the back button, by closing the window.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

/** `what` is what would be lost: "the changes to its lists". */
export function LeaveGuard({ when, what }: { when: boolean; what: string }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: when,
    withResolver: true,
  });
  const isAsked = status === 'blocked';
  return (
    <Modal opened={isAsked} onClose={() => reset?.()} title="Leave without saving?" size={440}>
      <Stack gap="md">
        <Text size="sm">{what} would be lost.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => reset?.()} data-autofocus>
            Stay
          </Button>
          <Button color="vermilion.7" onClick={() => proceed?.()}>
            Leave without saving
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
