import { useEffect, useRef } from "preact/hooks";
import type { Attachment } from "../contract";
import { newId } from "../core/id";
import type { Session } from "../core/session";
import { isPicture } from "./Bubble";
import { useDesk } from "../parts/desk";
import { Icon } from "../parts/icons";
import type { Word } from "../words";

export const MOST_FILES = 5;
export const LARGEST_FILE = 10_000_000;

/** A file chosen for a message, on its way up. */
export interface Chosen {
  key: string;
  file: File;
  done: number; // 0 to 1
  state: "ready" | "up" | "done" | "failed";
  attachment?: Attachment;
  abort?(): void;
  going?: Promise<void>;
}

/** The files of a message being written. They go up at once, or with the first message where there is no visitor yet. */
export class Files {
  list: readonly Chosen[] = [];

  constructor(
    private readonly session: Session,
    private readonly changed: () => void,
    private readonly say: (key: Word, values?: Record<string, string>) => void,
  ) {}

  add(files: Iterable<File>) {
    for (const file of files) {
      if (file.size > LARGEST_FILE) this.say("file.large", { name: file.name });
      else if (this.list.length >= MOST_FILES) this.say("file.many");
      else {
        const one: Chosen = { key: newId(), file, done: 0, state: "ready" };
        this.set([...this.list, one]);
        if (this.session.api.token) this.upload(one);
      }
    }
  }

  upload(one: Chosen): Promise<void> {
    const going = this.send(one);
    this.change(one.key, { going });
    return going;
  }

  private async send({ key, file }: Chosen) {
    this.change(key, { state: "up", done: 0 });
    try {
      await this.session.arrive();
      const { done, abort } = this.session.api.upload(file, (part) => this.change(key, { done: part }));
      this.change(key, { abort });
      this.change(key, { state: "done", attachment: await done });
    } catch (error) {
      if (!this.list.some((each) => each.key === key)) return; // taken away meanwhile
      this.change(key, { state: "failed" });
      this.session.told(error);
      this.say("file.failed", { name: file.name });
    }
  }

  remove(one: Chosen) {
    this.set(this.list.filter((each) => each.key !== one.key));
    one.abort?.();
  }

  /** Waits until everything is up; null when something is not. */
  async ready(): Promise<Attachment[] | null> {
    await Promise.all(this.list.map((one) => (one.state === "up" ? one.going : one.state === "done" ? undefined : this.upload(one))));
    const all = this.list.map(({ attachment }) => attachment);
    return all.every((each) => each !== undefined) ? all : null;
  }

  clear = () => this.set([]);

  private change(key: string, change: Partial<Chosen>) {
    this.set(this.list.map((each) => (each.key === key ? { ...each, ...change } : each)));
  }

  private set(next: readonly Chosen[]) {
    this.list = next;
    this.changed();
  }
}

export function Chips({ files }: { files: Files }) {
  return <ul class="chips">{files.list.map((one) => <Chip key={one.key} one={one} again={() => void files.upload(one)} remove={() => files.remove(one)} />)}</ul>;
}

function Chip({ one, again, remove }: { one: Chosen; again(): void; remove(): void }) {
  const { words: { t } } = useDesk();
  const { file: { name }, state, done } = one;
  return (
    <li class={`chip ${state}`}>
      {isPicture(one.file.type) ? <Preview file={one.file} /> : <Icon name="doc" />}
      <span><bdi>{name}</bdi>
        {state === "up" && <progress max={1} value={done} aria-label={t("uploading", { name, n: Math.round(done * 100) })} />}
        {state === "failed" && <button type="button" class="btn-text" onClick={again}>{t("file.again")}</button>}
      </span>
      <button type="button" class="ib" aria-label={t("remove", { name })} onClick={remove}><Icon name="x" small /></button>
    </li>
  );
}

/** Drawn, not linked: a picture that is still here needs no address, and the page's policy no exception. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    void createImageBitmap(file).then((image) => {
      const side = Math.min(image.width, image.height);
      canvas.current?.getContext("2d")?.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 88, 88);
      image.close();
    }, () => {});
  }, [file]);
  return <canvas ref={canvas} width={88} height={88} aria-hidden="true" />;
}
