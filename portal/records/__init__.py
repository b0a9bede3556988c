"""Records: drafts, acceptance, numbering, lists, attachments, comments, history."""
