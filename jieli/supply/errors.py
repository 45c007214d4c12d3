from jieli.kernel.errors import Conflict, Invalid, JieliError, NotFound


class SourceUnknown(NotFound):
    code = "supply_source_unknown"
    message = "There is no supply source of this name."


class SourceNameTaken(Conflict):
    code = "supply_source_name_taken"
    message = "A supply source of this name exists already; choose another name."


class SourceSettingsWrong(Invalid):
    code = "supply_source_settings"
    message = "The settings of this source cannot be used."


class PushRefused(JieliError):
    code = "supply_push_refused"
    status = 401
    message = (
        "The signature does not fit. Send X-Jieli-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of “t.body”> "
        "with the source's push_secret, within five minutes."
    )


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = "Say why you need to see this; the reason is kept in the audit trail."


class FactUnusable(Invalid):
    code = "supply_fact_unusable"
    message = "This fact does not have the shape of its kind."
