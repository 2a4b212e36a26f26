import { Button, Card, Icon } from "@rapport/ui";
import { useMemory } from "../app/memory";
import { t } from "../i18n";
import { install, installOffer, installState } from "./install";

/** In the personal settings: the application on this device. */
export default function DeviceCard() {
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
      </div>
    </Card>
  );
}
