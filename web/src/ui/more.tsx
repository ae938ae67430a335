// The rest of a list that comes in pages: a button below what is there, while there is more.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

type MoreProps = {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  children: ReactNode;
};

export const More = ({ list, children }: MoreProps) =>
  list.hasNextPage && (
    <Button
      variant="default"
      mx="auto"
      w="fit-content"
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {children}
    </Button>
  );
