import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { live } from "./live/feed.svelte";
import { followOwnLinks } from "./routing/location.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app to draw into.");
followOwnLinks();
live.start();
mount(App, { target });
