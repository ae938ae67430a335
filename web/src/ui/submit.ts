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
      const part = /^[^.[]+/.exec(field ?? '')?.[0];
      if (field !== undefined && field !== null && part !== undefined && part in values) {
        form.setFieldError(part, hint ? `${detail} ${hint}` : detail);
        form.getInputNode(part)?.focus();
      } else {
        setRefusal(error);
      }
    } finally {
      setBusy(false);
    }
  });

  return { submit, busy, refusal, clear: () => setRefusal(null) };
}
