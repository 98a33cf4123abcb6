"""What can go wrong with what we keep; the web answers them with 503, 507 and 404."""

from __future__ import annotations

from vision.errors import KuaizhengError


class StoreUnavailableError(KuaizhengError):
    """The database or the blob store cannot be reached just now; nothing was promised, ask again."""

    code = "store_unavailable"


class StorageFullError(KuaizhengError):
    """No room left where things are kept; nothing of this request was kept."""

    code = "storage_full"


class BlobDamagedError(KuaizhengError):
    """A kept original is not what was received."""

    code = "blob_damaged"


class LeaseLostError(KuaizhengError):
    """Somebody else has taken up the job; what was done for it must not be kept."""

    code = "lease_lost"


class MigrationRefusedError(KuaizhengError):
    """The database holds what this version cannot take over; nothing was changed."""

    code = "migration_refused"
