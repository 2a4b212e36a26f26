import "@fontsource-variable/inter/index.css";
import "@rapport/ui/kit.css";
import "./app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { TipProvider } from "@rapport/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { accountKeys } from "../account/queries";
import { whenSignedOut } from "../client/fetch";
import "../device/install";
import { firstLanguage, setLanguage, useLanguage } from "../i18n";
import { bringBack } from "./kept";
import { newQueryClient } from "./queryClient";
import { newRouter } from "./routes";

const queryClient = newQueryClient();
const router = newRouter();

whenSignedOut(() => {
  queryClient.removeQueries({ queryKey: accountKeys.me });
  void router.invalidate();
});

/** Every word on screen comes from the catalogue, so another language is another tree. */
function App() {
  return <RouterProvider key={useLanguage()} router={router} />;
}

async function start() {
  const language = firstLanguage();
  if (language === "ko") void import("../device/letters");
  await Promise.all([setLanguage(language), bringBack(queryClient)]);
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <TipProvider delayDuration={500}>
          <App />
        </TipProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
