"""Rendered accident scenes: vehicles, roads, weather and cameras by code, with the truth of every picture.

`plan` has the nouns of a scene, `arrange` samples one, `scene_file` keeps them as JSON, `soundness` refuses what cannot
be; `render` builds scenes and fills a cache of pictures, `look_truth` finds by rays what each of them shows (`seen`),
`phone` makes photos of pictures. All that imports `blender` or ``bpy`` runs in `make scene-env` only; the rest needs
numpy, scipy, Pillow and OpenCV.
"""
