from jieli.kernel import errors


class NotInThisState(errors.Conflict):
    code = "article_not_in_this_state"
    message = "The article is not in a state that allows this; look again."


class ReviewedByAuthor(errors.Forbidden):
    code = "reviewed_by_author"
    message = "Whoever wrote a version cannot publish it; ask a colleague to review it."


class NothingToRead(errors.Invalid):
    code = "nothing_to_read"
    message = "An article needs a title and a body in at least one language."


class PathBroken(errors.Invalid):
    code = "path_broken"
    message = "This path cannot be walked to an end."
