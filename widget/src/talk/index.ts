// The conversation: a file of its own, asked for as soon as the panel is here.
export { default as look } from "../css/talk.css?inline";
export { Peek } from "./Peek";
export { Talk } from "./Talk";
