"""What several services need of a CRM record: each mounts it in its own database."""
