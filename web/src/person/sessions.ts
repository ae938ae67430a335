// Where one is signed in.
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from '../api/client';

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await answer(client.GET('/sessions'))).sessions,
});
