import {
  Avatar, Banner, Button, Card, Checkbox, Chip, CodeLine, Dialog, Empty, Icon, IconButton, icons, Menu, MenuItem, Picker, Progress, Segments, Select, showToast,
  Skeleton, Switch, Tag, TextArea, TextField, Toasts, type ChipTone, type IconName,
} from "@rapport/ui";
import { useState, type ReactNode } from "react";
import { otherTheme, theme } from "./theme";

/** Every part of the kit in every state, for looking and for screenshots. Its words are names of parts, so they are not translated. */
export function KitScreen() {
  return (
    <main className="kit" lang="en">
      <h1>Kit <IconButton icon="theme" label="Light or dark" onClick={() => theme.set(otherTheme())} /></h1>
      <Buttons />
      <Fields />
      <Marks />
      <Floating />
      <Blocks />
      <Part name="Icons">
        <span className="kit-row wide-row">{(Object.keys(icons) as IconName[]).map((name) => <span key={name} title={name}><Icon name={name} size={20} /></span>)}</span>
      </Part>
      <Toasts closeLabel="Dismiss" />
    </main>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h2>{name}</h2>
      <div className="kit-part">{children}</div>
    </section>
  );
}

function Buttons() {
  const [way, setWay] = useState<"reply" | "note">("reply");
  return (
    <Part name="Buttons">
      {(["outlined", "primary", "danger", "bare"] as const).map((look) => (
        <span key={look} className="kit-row">
          <Button look={look}>{look}</Button>
          <Button look={look} size="compact" icon="check" keys="E">compact</Button>
          <Button look={look} size="big">big</Button>
          <Button look={look} disabled>disabled</Button>
          <Button look={look} busy>busy</Button>
        </span>
      ))}
      <span className="kit-row">
        <IconButton icon="snooze" label="Snooze" keys="H" />
        <IconButton icon="bold" label="Bold, pressed" aria-pressed />
        <IconButton small icon="x" label="Small" />
        <IconButton icon="gear" label="Disabled" disabled />
        <Segments label="Mode" value={way} onChange={setWay} options={[{ value: "reply", label: "Reply" }, { value: "note", label: "Note", icon: "lock" }]} />
      </span>
    </Part>
  );
}

function Fields() {
  const [on, setOn] = useState(true);
  return (
    <Part name="Fields">
      <TextField label="Usual" defaultValue="Ewa Marsh" />
      <TextField label="With icon and hint" icon="mail" hint="customers write here" placeholder="hello@miska.example" />
      <TextField label="Wrong" defaultValue="hello@" wrong="This is not an address." />
      <TextField label="Disabled" defaultValue="fixed" disabled />
      <Select label="Select"><option>TLS</option><option>STARTTLS</option></Select>
      <TextArea label="Several lines" defaultValue="Kind regards" />
      <Checkbox label="Checked" defaultChecked />
      <Checkbox label="Not checked" />
      <Checkbox label="Disabled" disabled />
      <Switch label="Switch" on={on} onChange={setOn} />
      <Switch label="Switch, off" on={false} onChange={() => {}} />
    </Part>
  );
}

const tones: ChipTone[] = ["grey", "plain", "soon", "danger", "success", "warning", "info", "accent"];

function Marks() {
  return (
    <Part name="Marks and people">
      <span className="kit-row">{tones.map((tone) => <Chip key={tone} tone={tone} icon="clock">{tone}</Chip>)}</span>
      <span className="kit-row">{["digestion", "address", "pause", "invoice", "puppy"].map((name) => <Tag key={name} name={name} />)}</span>
      <span className="kit-row">
        {([16, 20, 28, 32, 40, 64] as const).map((size) => <Avatar key={size} name="Hanna Zielińska" size={size} />)}
        <Avatar name="박지우" />
        <Avatar name="Ewa Marsh" channel="mail" />
        <Avatar name="Zofia Wrona" presence="viewing" />
        <Avatar name="Marek Nowak" presence="replying" />
      </span>
      <span className="kit-row wide"><Progress value={0.4} label="Upload" /></span>
      <span className="kit-row wide"><Skeleton width="60%" /></span>
      <span className="kit-row"><kbd>⌘K</kbd><kbd>E</kbd></span>
    </Part>
  );
}

function Floating() {
  const [dialog, setDialog] = useState(false);
  const [picking, setPicking] = useState(false);
  return (
    <Part name="Floating">
      <Menu align="start" trigger={<Button>Menu</Button>}>
        <MenuItem icon="check" keys="E" onSelect={() => {}}>Close</MenuItem>
        <MenuItem icon="ban" disabled onSelect={() => {}}>Disabled</MenuItem>
        <MenuItem icon="x" danger onSelect={() => {}}>Delete for ever</MenuItem>
      </Menu>
      <Picker
        label="Assign" placeholder="Type a name" nothing="Nobody of that name" open={picking} onOpen={setPicking} onPick={() => {}} trigger={<Button>Picker</Button>}
        choices={[{ value: "1", label: "Hanna Zielińska" }, { value: "2", label: "Marek Nowak" }, { value: "3", label: "박지우" }]} chosen={["2"]}
      />
      <Button onClick={() => setDialog(true)}>Dialog</Button>
      <Button onClick={() => showToast({ text: "Reply to Lucy", sub: (n) => `goes out in ${n} s`, action: { label: "Undo", icon: "undo", keys: "Z", run: () => {} } })}>Toast</Button>
      {dialog && <Dialog title="Dialog" closeLabel="Close" onClose={() => setDialog(false)} foot={<Button look="primary" onClick={() => setDialog(false)}>Save</Button>}>Esc closes it.</Dialog>}
    </Part>
  );
}

function Blocks() {
  return (
    <Part name="Blocks">
      {(["plain", "info", "success", "warning", "danger"] as const).map((tone) => <Banner key={tone} tone={tone}><b>{tone}.</b> What was found, what is safe, what to do.</Banner>)}
      <Card title="Card" end={<Button size="compact">Edit</Button>}><div className="card-body">Content</div></Card>
      <CodeLine text="rapport serve --demo" copyLabel="Copy" copiedLabel="Copied" />
      <Card><Empty icon="inbox" title="Nothing waits for you" why="A conversation lands here when you take it." action={<Button>Practise</Button>} /></Card>
    </Part>
  );
}
