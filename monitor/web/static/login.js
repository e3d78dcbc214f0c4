// Logging in.
import { ask } from "./api.js";
import { fill, h } from "./dom.js";

export function login(main, done) {
  const says = h("p", { class: "bad", role: "alert" });
  const name = h("input", { id: "name", autocomplete: "username", required: true, maxLength: 100 });
  const password = h("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const button = h("button", { class: "main" }, "Log in");
  const send = async (event) => {
    event.preventDefault();
    button.disabled = true;
    says.textContent = "";
    try {
      await ask("login", { method: "POST", body: { name: name.value, password: password.value } });
      await done();
    } catch (error) {
      says.textContent = error.message;
      password.value = "";
      password.focus();
    } finally {
      button.disabled = false;
    }
  };
  fill(main, h("form", { class: "panel login", onsubmit: send },
    h("h1", {}, "Log in"),
    h("div", { class: "field" }, h("label", { for: "name" }, "Name"), name),
    h("div", { class: "field" }, h("label", { for: "password" }, "Password"), password),
    says, button,
    h("p", { class: "soft small" }, "Forgotten? At the machine itself: monitor user password NAME")));
  name.focus();
}
