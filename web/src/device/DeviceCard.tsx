import { Button, Card, Icon, Select } from "@rapport/ui";
import { useMemory } from "../app/memory";
import { t } from "../i18n";
import { chosenSound, sound, sounds, type Sound } from "./sound";
import { install, installOffer, installState } from "./install";

/** In the personal settings: the application on this device. */
export default function DeviceCard() {
  const chosen = useMemory(chosenSound);
  function choose(next: Sound) {
    chosenSound.set(next);
    sound(next);
  }
  const state = installState(useMemory(installOffer));
  return (
    <Card title={t("device.title")}>
      <div className="card-body">
        <div className="setting-line">
          <div>
            {state === "installed" ? t("device.installed") : t("device.asApp")}
            <p className="quiet small">{t(state === "offered" || state === "installed" ? "device.asApp.why" : `device.asApp.${state}`)}</p>
          </div>
          {state === "offered" && <Button icon="download" onClick={() => void install()}>{t("device.install")}</Button>}
          {state === "installed" && <Icon name="check" />}
        </div>
        <Select label={t("device.sound")} hint={t("device.sound.why")} value={chosen} onChange={(event) => choose(event.target.value as Sound)}>
          {([...sounds, "off"] as const).map((each) => <option key={each} value={each}>{t(`device.sound.${each}`)}</option>)}
        </Select>
      </div>
    </Card>
  );
}
