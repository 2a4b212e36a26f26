import { useState, type ChangeEvent } from "react";
import { messageOf, Problem } from "../client/problem";

/** The texts of a small form, what the server said about each, and the state of sending it. */
export function useForm<T extends Record<string, string>>(first: T) {
  const [values, setValues] = useState(first);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = (name: keyof T & string) => ({
    name,
    value: values[name],
    wrong: error instanceof Problem ? error.about(name) : null,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) => setValues((now) => ({ ...now, [name]: event.target.value })),
  });
  async function run(send: (values: T) => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await send(values);
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setBusy(false);
    }
  }
  const isAboutField = error instanceof Problem && Object.keys(values).some((name) => error.about(name));
  const wrong = error === null || isAboutField ? null : messageOf(error);
  return { values, setValues, field, busy, wrong, error, run };
}
