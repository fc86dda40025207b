"""Tells students at once what is wrong with the photo they upload: `fastapi dev upload.py`.

    curl -F photo=@zhang-san.jpg http://127.0.0.1:8000/photos
"""

from typing import Any

from fastapi import FastAPI, HTTPException, UploadFile

import gradphoto

MAX_BYTES = 10 << 20

app = FastAPI()
checker = gradphoto.Checker()


@app.post("/photos")
def photos(photo: UploadFile) -> dict[str, Any]:
    """Verdict and reasons for one photo. A plain `def`: FastAPI runs it on a thread, and all threads share the checker."""
    data = photo.file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise HTTPException(413, "照片文件过大")
    try:
        report = checker.check(data, name=photo.filename or "photo.jpg")
    except gradphoto.DecodeError as error:
        raise HTTPException(422, error.message("zh")) from error
    return {"verdict": report.verdict, "reasons": report.reasons()}
