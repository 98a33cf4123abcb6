"""Who may do what: keys, signed links, webhooks, encryption, audit, logs, rate limits. Pure, without the store."""
