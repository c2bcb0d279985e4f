/** `GET /docs`: one page, whole in itself, that lists the actions and runs them. It knows nothing before a token is typed in. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import { script } from "./docs-script.ts";
import { style } from "./docs-style.ts";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cortado: actions by hand</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header>
<h1>Cortado: actions by hand</h1>
<label for="token">Token</label>
<div><input id="token" type="password" autocomplete="off" spellcheck="false" aria-describedby="token-hint"></div>
<small id="token-hint" class="quiet">stays on this page</small>
<a href="openapi.json">OpenAPI</a>
</header>
<main>
<nav aria-label="Actions">
<label for="search">Find an action</label>
<input id="search" type="search" autocomplete="off">
<p id="status" role="status" class="quiet"></p>
<ul id="actions"></ul>
</nav>
<article id="action">
<h2>Run an action</h2>
<p>Type a token in, choose an action, and say what it is to run on. Without any token configured none is needed here.</p>
</article>
</main>
<noscript>This page needs JavaScript; the API at <code>/api/actions</code> does not.</noscript>
<script>${script}</script>
</body>
</html>
`;

const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing but what is in the page itself, and this server to ask. */
const policy = [
  "default-src 'none'",
  `style-src ${digest(style)}`,
  `script-src ${digest(script)}`,
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const showDocs = (c: Context): Response =>
  c.html(page, 200, { "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff" });
