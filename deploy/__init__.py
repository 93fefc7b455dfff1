"""How Rapport runs: on one box from wheels (`deploy.local`), in containers, in a cluster."""
