"""The author's pages: modules, drafts with checks and preview, publishing, releases."""
