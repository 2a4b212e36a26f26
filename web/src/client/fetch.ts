import { currentLanguage } from "../i18n";
import { Problem, Unreachable } from "./problem";

const ROOT = "/api/v1";
type Params = Record<string, string | number | boolean | null | undefined>;

export function pathOf(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const tail = query.toString();
  return ROOT + path + (tail ? `?${tail}` : "");
}

let onSignedOut: () => void = () => {};

/** What to do when the session has ended, told once by the application. */
export function whenSignedOut(then: () => void) {
  onSignedOut = then;
}

async function call(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const isForm = body instanceof FormData;
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": currentLanguage() };
  if (method !== "GET") headers["X-Rapport"] = "1";
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(url, { method, headers, body: isForm ? body : body === undefined ? null : JSON.stringify(body), signal: signal ?? null, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (response.ok) return response;
  if (response.status === 401 && !url.endsWith("/session") && !url.endsWith("/me")) onSignedOut();
  throw new Problem(response.status, await response.json().catch(() => ({ title: response.statusText })));
}

async function read<T>(response: Response): Promise<T> {
  return response.status === 204 || response.headers.get("Content-Length") === "0" ? (undefined as T) : response.json();
}

/** The HTTP API. Every method throws a Problem when the answer is not a success. */
export const api = {
  get: async <T>(path: string, params?: Params, signal?: AbortSignal) => read<T>(await call("GET", pathOf(path, params), undefined, signal)),
  text: async (path: string, params?: Params) => (await call("GET", pathOf(path, params))).text(),
  post: async <T>(path: string, body?: unknown) => read<T>(await call("POST", pathOf(path), body ?? {})),
  put: async <T>(path: string, body?: unknown) => read<T>(await call("PUT", pathOf(path), body ?? {})),
  patch: async <T>(path: string, body: unknown) => read<T>(await call("PATCH", pathOf(path), body)),
  send: async <T>(method: string, path: string, body: unknown, signal: AbortSignal) => read<T>(await call(method, pathOf(path), body, signal)),
  delete: async <T = void>(path: string, params?: Params) => read<T>(await call("DELETE", pathOf(path, params))),
};

/** Sends a file and tells how far it has come (0 to 1). */
export function upload<T>(path: string, file: File, method: "POST" | "PUT", onProgress: (part: number) => void): { done: Promise<T>; stop: () => void } {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      const body = request.responseText ? JSON.parse(request.responseText) : undefined;
      if (request.status < 300) resolve(body as T);
      else reject(new Problem(request.status, body ?? {}));
    };
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new DOMException("", "AbortError"));
  });
  request.open(method, pathOf(path));
  request.setRequestHeader("X-Rapport", "1");
  request.setRequestHeader("Accept-Language", currentLanguage());
  const form = new FormData();
  form.set("file", file);
  request.send(form);
  return { done, stop: () => request.abort() };
}
