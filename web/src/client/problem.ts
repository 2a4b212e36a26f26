import { t } from "../i18n";
import type { Meanwhile } from "./nouns";

type Body = { type?: string; title?: string; status?: number; detail?: string; instance?: string; errors?: { location: string; message: string }[]; meanwhile?: Meanwhile };

/** A refused or failed request, in words for a person. */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly requestId: string | undefined;
  /** What somebody else has set where this was to be set. */
  readonly meanwhile: Meanwhile | undefined;
  readonly errors: { location: string; message: string }[];

  constructor(status: number, body: Body) {
    super(body.detail || body.title || t("error.unknown"));
    this.name = "Problem";
    this.status = status;
    this.kind = body.type?.split("/").at(-1) ?? "";
    this.requestId = body.instance;
    this.meanwhile = body.meanwhile;
    this.errors = body.errors ?? [];
  }

  /** The words about one field of a form, when the server named it. */
  about(field: string): string | null {
    return this.errors.find((error) => error.location.split(/[./]/).at(-1) === field)?.message ?? null;
  }
}

/** The network did not answer: nothing is known about what the server did. */
export class Unreachable extends Problem {
  constructor() {
    super(0, { detail: t("error.offline") });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Problem ? error.message : t("error.unknown");
}

export function isProblem(error: unknown, kind: string): error is Problem {
  return error instanceof Problem && error.kind === kind;
}
