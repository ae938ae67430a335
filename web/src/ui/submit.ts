// Sends a form: a refusal goes to its field or is handed back, and nothing typed is lost.
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { problemOf } from '../api/client';

export function useSubmit<Values extends object>(form: UseFormReturnType<Values>, send: (values: Values) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);

  const submit = form.onSubmit(async (values) => {
    setBusy(true);
    setRefusal(null);
    try {
      await send(values);
    } catch (error) {
      const { field, detail, hint } = problemOf(error);
      // The API writes `caps[0].limit` where a form says `caps.0.limit`.
      const place = field?.replace(/\[(\d+)\]/gu, '.$1') ?? '';
      if (place.split('.')[0]! in values) {
        form.setFieldError(place, hint ? `${detail} ${hint}` : detail);
        form.getInputNode(place)?.focus();
      } else {
        setRefusal(error);
      }
    } finally {
      setBusy(false);
    }
  });

  return { submit, busy, refusal, clear: () => setRefusal(null) };
}
