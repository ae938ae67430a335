// Says what somebody else saved while one was changing the same roles, and what becomes of one's own changes.
import { List, Stack, Text } from '@mantine/core';
import { Notice } from '../ui/notice';
import type { News } from './meanwhile';

export function Meanwhile({ news }: { news: readonly News[] }) {
  if (news.length === 0) return null;
  return (
    <Notice kind="warn">
      <Stack gap={4}>
        <Text inherit fw={620}>
          Somebody saved these roles while you were changing them. Nothing of yours is saved yet.
        </Text>
        <List size="sm">
          {news.map(({ key, sentence, isMine }) => (
            <List.Item key={key}>
              {sentence} {isMine && <b>You changed it too: saving puts yours in its place.</b>}
            </List.Item>
          ))}
        </List>
        <Text inherit>Your changes stand below, on top of theirs. Look at them, then save again or discard.</Text>
      </Stack>
    </Notice>
  );
}
