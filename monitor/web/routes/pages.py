"""The page and its files, and the description of the API for people."""

from fastapi import APIRouter, HTTPException, Request, Response

from monitor.web.statics import Statics

router = APIRouter(include_in_schema=False)


@router.get("/")
def index(request: Request) -> Response:
    """Return the page."""
    return _file(request, "index.html")


@router.get("/docs")
def docs(request: Request) -> Response:
    """Return the description of the API."""
    return _file(request, "docs.html")


@router.get("/static/{path:path}")
def static(request: Request, path: str) -> Response:
    """Return a file of the page."""
    return _file(request, path)


def _file(request: Request, path: str) -> Response:
    statics: Statics = request.app.state.statics
    answer = statics.answer(request, path)
    if answer is None:
        raise HTTPException(404, "There is no such file.")
    return answer
