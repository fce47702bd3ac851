"""Every table, declared once: for Alembic and the drift test, and imported by nothing else.

The functions of this package run SQL through psycopg, so that a tick imports no SQLAlchemy.
Statuses and the like are text with a CHECK, never a native enum: a value can never be dropped
from one. Money is numeric in dollars, time is timestamptz in UTC.
"""

from vidctl.store.tables.alerts import Alert, AlertDelivery, AlertDestination, AlertSender
from vidctl.store.tables.boards import Board, Card, CardComment, CardNote, Exhibit, ExhibitSection, Person
from vidctl.store.tables.films import ArtifactRow, Channel, Take, Task, TaskError, TaskEvent
from vidctl.store.tables.money import Order, VideoCost
from vidctl.store.tables.publishing import AuditArchive, AuditHead, ReviewAudit, Upload, YoutubeQuotaUsage
from vidctl.store.tables.running import Backup, Notice, Pace, ServiceLimit, ServiceState, Tick, WeeklyMetrics

__all__ = [
    "Alert",
    "AlertDelivery",
    "AlertDestination",
    "AlertSender",
    "ArtifactRow",
    "AuditArchive",
    "AuditHead",
    "Backup",
    "Board",
    "Card",
    "CardComment",
    "CardNote",
    "Channel",
    "Exhibit",
    "ExhibitSection",
    "Notice",
    "Order",
    "Pace",
    "Person",
    "ReviewAudit",
    "ServiceLimit",
    "ServiceState",
    "Take",
    "Task",
    "TaskError",
    "TaskEvent",
    "Tick",
    "Upload",
    "VideoCost",
    "WeeklyMetrics",
    "YoutubeQuotaUsage",
]
