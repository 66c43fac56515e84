"""What lists remember: columns, views, exports, files, and the names that other systems use."""

from portal.lists.models.exports import ExportJob
from portal.lists.models.external import ExternalId
from portal.lists.models.files import StoredFile
from portal.lists.models.kept import ColumnChoice, SavedView

__all__ = ["ColumnChoice", "ExportJob", "ExternalId", "SavedView", "StoredFile"]
