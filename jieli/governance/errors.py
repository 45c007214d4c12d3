from jieli.kernel.errors import Conflict, Invalid


class UsernameTaken(Conflict):
    code = "username_taken"
    message = "Somebody already signs in with this name; choose another."


class UnknownRole(Invalid):
    code = "unknown_role"
    message = "There is no such role; see the list of roles."
