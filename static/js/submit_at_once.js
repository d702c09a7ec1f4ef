// Reading the page uses no link up; a person's browser goes on by itself, a preview of the link does not.
document.querySelector("form[data-submit-at-once]")?.requestSubmit();
