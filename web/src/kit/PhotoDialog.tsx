import "react-easy-crop/react-easy-crop.css";

import { Alert, Button, FileButton, Group, Modal, Slider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import Cropper, { type Area } from "react-easy-crop";
import { useTranslation } from "react-i18next";

import classes from "./PhotoDialog.module.css";

const LARGEST = 1_000_000;
const SIDE = 400;

/** The chosen part of a picture, small enough to be sent. */
async function cut(source: string, area: Area) {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas");
  const side = Math.min(SIDE, Math.round(area.width));
  canvas.width = canvas.height = side;
  const { x, y, width, height } = area;
  canvas.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, side, side);
  const blob = await new Promise<Blob | null>((take) => canvas.toBlob(take, "image/png"));
  if (!blob) throw new Error("the picture could not be drawn");
  return blob;
}

type Chosen = { source: string; area?: Area };
type Props = { onChosen: (picture: Blob) => void; onClose: () => void };

/** Chooses a photo from the computer, and which part of it is shown. */
export default function PhotoDialog({ onChosen, onClose }: Props) {
  const { t } = useTranslation(["kit", "reasons"]);
  const [chosen, setChosen] = useState<Chosen>();
  const [problem, setProblem] = useState("");
  const [crop, setCrop] = useState({ x: 0, y: 0 });
  const [zoom, setZoom] = useState(1);
  const choose = async (file: File | null) => {
    if (!file) return;
    if (file.size > LARGEST) return setProblem(t("reasons:FILE_TOO_LARGE"));
    const source = URL.createObjectURL(file);
    const image = new Image();
    image.src = source;
    const readable = await image.decode().then(
      () => true,
      () => false,
    );
    setProblem(readable ? "" : t("reasons:NOT_A_PICTURE"));
    setZoom(1);
    setChosen(readable ? { source } : undefined);
  };
  const take = async () => {
    if (chosen?.area) onChosen(await cut(chosen.source, chosen.area));
  };
  return (
    <Modal opened onClose={onClose} title={t("photo.title")}>
      <Stack>
        <Text size="sm">{t("photo.text")}</Text>
        {problem && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        {chosen && (
          <>
            <div className={classes.crop}>
              <Cropper
                image={chosen.source}
                aspect={1}
                {...{ crop, zoom }}
                onCropChange={setCrop}
                onZoomChange={setZoom}
                onCropComplete={(_, area) => setChosen((before) => before && { ...before, area })}
              />
            </div>
            <Slider
              thumbLabel={t("photo.zoom")}
              label={null}
              min={1}
              max={3}
              step={0.05}
              value={zoom}
              onChange={setZoom}
            />
          </>
        )}
        <Group justify="space-between">
          <FileButton accept="image/jpeg,image/png,image/webp,image/gif" onChange={(file) => void choose(file)}>
            {(button) => (
              <Button variant="default" data-autofocus {...button}>
                {t("photo.browse")}
              </Button>
            )}
          </FileButton>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button disabled={!chosen?.area} onClick={() => void take()}>
              {t("photo.take")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
