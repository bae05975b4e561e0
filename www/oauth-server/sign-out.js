// The shop asked with an ID token of this very session: sign out without another click.
document.querySelector("#sign-out[data-auto]")?.click();
